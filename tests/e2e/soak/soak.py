#!/usr/bin/env python3
"""Keeps a real server under load for as long as one likes, with simulated targets that misbehave, and looks whether it wears out.

All the time: imports with new values, SyncAll, SyncFile, verifications, watchers that leave in the middle, and calls as the
page makes them. In the first quarter the server is killed or stopped, and the simulated targets are restarted, again and
again; then one process of the server goes on to the end, among outages, quotas, hangs, throttling and pauses.

Passes only if
  - of that last process, memory, descriptors and threads are flat: the median of the last window is hardly above that of the
    window after warming up,
  - in the end every run has ended, and every file is confirmed at both targets,
  - and the targets hold just that: nothing lost, nothing claimed falsely, nothing sent twice without need.

Writes a JSON report with all samples, and prints a short table. The same --seed makes the same choices.
"""
import argparse
import http.client
import json
import pathlib
import random
import shutil
import signal
import socket
import sqlite3
import statistics
import sys
import threading
import time

from programs import QUIRKS, TARGETS, Catalogue, Server, Simulator, SoakError

GOOD = ("STATE_CONFIRMED", "STATE_UNCHANGED")
FILES = 400
BATCH = 40
SAMPLE_SECONDS = 3
PATIENCE = 300  # For the end: what waits for a target, waits for its backoff.
RESTARTS_UNTIL = 0.25  # Of the time; then the server is left alone.
# Of the time that is left, in which it is to be flat: where it has warmed up, and how long a window is.
WARM_UNTIL = 0.3
WINDOW = 0.15
# What the last window may have more than the first. An allocator gives back late, and a run more or less is under way; and
# as long as the database is smaller than what the server keeps of its pages (kWriterCacheKib), memory grows with it.
DATABASE_CACHE_MIB = 32.0
MEMORY_SLACK_MIB = 8.0
MEMORY_SLACK_SHARE = 0.10
DESCRIPTOR_SLACK = 12
THREAD_SLACK = 32  # Senders are begun as the limit of a target first calls for them: at most 64 each.


class Soak:
    def __init__(self, options):
        self.options = options
        self.dice = random.Random(options.seed)
        self.data = options.data
        shutil.rmtree(self.data, ignore_errors=True)
        (self.data / "content").mkdir(parents=True)
        self.simulator = Simulator(options, self.data)
        self.server = Server(options, self.data, self.simulator)
        self.catalogue = Catalogue(self.data)
        self.stop = threading.Event()
        self.samples = []
        self.counts = {}
        self.failures = []
        self.begin = time.monotonic()

    # ---- what goes on all the time ----

    def count(self, what):
        self.counts[what] = self.counts.get(what, 0) + 1

    def elapsed(self):
        return time.monotonic() - self.begin

    def forever(self, name, pause, work):
        """Does `work` with a pause of chance in between, in a thread; the first failure ends the soak."""
        dice = random.Random(f"{self.options.seed} {name}")

        def run():
            while not self.stop.wait(dice.uniform(pause / 2, pause * 1.5)):
                try:
                    work(dice)
                    self.count(name)
                except (OSError, http.client.HTTPException):
                    self.count(name + " (server away)")
                except Exception as failure:  # pylint: disable=broad-except
                    self.failures.append(f"{name}: {failure!r}")
                    self.stop.set()

        thread = threading.Thread(target=run, name=name)
        thread.start()
        return thread

    def bring_and_sync(self, dice):
        self.catalogue.bring(self.server, dice.sample(range(FILES), BATCH))
        # Where one is still active, the new values wait for the next.
        if dice.random() < 0.5:
            self.server.ctl("sync-all", "--allow-mass-change", "--detach")
        else:
            self.server.ctl("sync-all", "--allow-mass-change", timeout=dice.uniform(1, 10))

    def sync_one(self, dice):
        self.server.ctl("sync-file", f"berkas-{dice.randrange(FILES)}", timeout=20)

    def verify(self, dice):
        file = f"berkas-{dice.randrange(FILES)}"
        self.server.ctl("verify", "--reset", file)
        # Whatever happens in between, in the end all are verified.
        for _ in range(60):
            if self.server.ctl("verify", file)[0] == 0:
                return
            time.sleep(1)
        raise SoakError(f"{file} could not be verified again")

    def watch(self, dice):
        runs = self.server.ask("runs", "--limit", "3")
        if not runs:
            return
        process = self.server.start_ctl("watch", dice.choice(runs)["runId"])
        time.sleep(dice.uniform(0.1, 3))
        process.send_signal(dice.choice([signal.SIGINT, signal.SIGKILL]))
        process.communicate()

    def ask_as_page(self, dice):
        for method in ("TargetService/ListTargets", "IntegrationService/ListRuns", "CatalogService/ListFiles",
                       "IntegrationService/GetSummary", "CatalogService/GetCatalogSummary"):  # fmt: skip
            self.server.call_as_page(method)
        connections = [socket.create_connection(("127.0.0.1", self.server.web), 5) for _ in range(dice.randrange(5))]
        for connection in connections:
            connection.sendall(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Le")  # And leaves.
            connection.close()

    def disturb(self, dice):
        kinds = [self.break_off, self.keep_waiting, self.limit, self.pause]
        if self.elapsed() < RESTARTS_UNTIL * self.options.time:
            kinds = [self.kill_server, self.end_server, self.simulator_restart]
        dice.choice(kinds)(dice)

    def break_off(self, dice):
        target = dice.choice(TARGETS)
        self.simulator.outage(target, dice.choice(["refuse", "503"]))
        self.stop.wait(dice.uniform(1, 6))
        self.simulator.outage(target, "off")

    def keep_waiting(self, dice):
        target = dice.choice(TARGETS)
        self.simulator.outage(target, "hang")
        self.stop.wait(dice.uniform(1, 6))
        self.simulator.outage(target, "off")

    def limit(self, dice):
        target = dice.choice(TARGETS)
        self.simulator.post("/admin/quota", {"target": target, "per_second": 20})
        self.stop.wait(dice.uniform(2, 8))
        self.simulator.post("/admin/quota", {"target": target, "per_second": 0})

    def pause(self, dice):
        target = dice.choice(TARGETS)
        self.server.ctl("pause-target", target)
        self.stop.wait(dice.uniform(1, 5))
        self.server.ctl("resume-target", target)

    def kill_server(self, _dice):
        self.server.program.stop(signal.SIGKILL)
        self.server.program.start()

    def end_server(self, dice):
        code = self.server.program.stop(dice.choice([signal.SIGTERM, signal.SIGINT]))
        if code != 0:
            self.failures.append(f"the server ended with {code}")
        self.server.program.start()

    def simulator_restart(self, _dice):
        self.simulator.restart()

    def take_sample(self, _dice):
        sample = self.server.sample()
        if sample:
            self.samples.append({"at": round(self.elapsed(), 1), **sample})

    # ---- its course ----

    def run(self):
        self.simulator.program.start()
        self.server.program.start()
        self.catalogue.bring(self.server, range(FILES))
        self.simulator.misbehave(QUIRKS)
        threads = [
            self.forever("import and SyncAll", 1, self.bring_and_sync),
            self.forever("SyncFile", 1.5, self.sync_one),
            self.forever("verification", 4, self.verify),
            self.forever("watcher", 2, self.watch),
            self.forever("page", 0.5, self.ask_as_page),
            self.forever("sample", SAMPLE_SECONDS, self.take_sample),
            self.forever("disturbance", max(4, min(20, self.options.time / 30)), self.disturb),
        ]
        self.stop.wait(self.options.time)
        self.stop.set()
        for thread in threads:
            thread.join()
        self.come_to_an_end()
        self.judge_truth()
        self.server.program.stop()
        self.judge_database()

    def come_to_an_end(self):
        self.simulator.misbehave({name: 0 for name in QUIRKS})
        for target in TARGETS:
            self.simulator.outage(target, "off")
            self.simulator.post("/admin/quota", {"target": target, "per_second": 0})
            self.server.ctl("resume-target", target)
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            code, _ = self.server.ctl("sync-all", "--allow-mass-change", timeout=PATIENCE)
            if code == 0 and not self.open_runs():
                return
            time.sleep(2)
        self.failures.append(f"{len(self.open_runs())} runs have not ended, or the last one did not succeed")

    def open_runs(self):
        return [
            run["runId"] for run in self.server.ask("runs") or [{"runId": "not known", "state": "STATE_RUNNING"}]
            if run["state"] in ("STATE_QUEUED", "STATE_RUNNING") or int(run.get("openCount", 0)) > 0
        ]  # fmt: skip

    def judge_truth(self):
        """The three zeros, by what the targets hold and by what the portal said."""
        truth = self.simulator.read("/admin/truth")
        files = {file["fileId"]: file for file in self.server.ask("files")}
        lost, false = [], []
        for number, value in self.catalogue.values.items():
            file = f"berkas-{number}"
            states = {standing["target"]: standing["state"] for standing in files.get(file, {}).get("targetStates", [])}
            lost += [f"{target} {file}: {states.get(target)}" for target in TARGETS if states.get(target) not in GOOD]
            dataset = truth["splp"].get(file, {})
            figure = truth["sipd"].get(f"1612.1.02.{100000 + number}.2024", {})
            if not dataset.get("held") or dataset["value"]["dataset_name"] != f"Berkas {number} edisi {value}":
                false.append(f"splp {file}")
            if not figure.get("held") or float(figure["value"]) != value:
                false.append(f"sipd {file}: {figure.get('value')}, should be {value}")
        self.zeros = {"lost": len(lost), "false": len(false), "needless": self.simulator.needless()}
        self.failures += lost[:5] + false[:5]
        if self.zeros["needless"]:
            self.failures.append(f"{self.zeros['needless']} records were sent twice without need")

    def judge_database(self):
        with sqlite3.connect(f"file:{self.server.database}?mode=ro", uri=True) as database:
            found = database.execute("PRAGMA integrity_check").fetchone()[0]
        if found != "ok":
            self.failures.append(f"the database is not whole: {found}")

    # ---- what it says ----

    def last_process(self):
        pid = self.samples[-1]["pid"]
        return [sample for sample in self.samples if sample["pid"] == pid]

    def flatness(self):
        """What was measured in the two windows, and what the last may be at most."""
        samples = self.last_process()
        begin, end = samples[0]["at"], samples[-1]["at"]
        span = end - begin
        first = [s for s in samples if WARM_UNTIL <= (s["at"] - begin) / max(span, 1) <= WARM_UNTIL + WINDOW]
        last = [s for s in samples if (s["at"] - begin) / max(span, 1) >= 1 - WINDOW]
        if len(first) < 3 or len(last) < 3:
            raise SoakError("too few samples; take more time")
        rows = []
        for name, slack in (("rss_mib", None), ("descriptors", DESCRIPTOR_SLACK), ("threads", THREAD_SLACK)):
            before = statistics.median(sample[name] for sample in first)
            after = statistics.median(sample[name] for sample in last)
            if slack is None:
                slack = max(MEMORY_SLACK_MIB, MEMORY_SLACK_SHARE * before) + self.cache_growth(first, last)
            rows.append({"name": name, "before": before, "after": after, "at_most": round(before + slack, 1),
                         "holds": after <= before + slack})  # fmt: skip
        return rows

    @staticmethod
    def cache_growth(first, last):
        begin, end = (min(DATABASE_CACHE_MIB, window[-1]["database_mib"]) for window in (first, last))
        return max(0.0, end - begin)

    def report(self):
        rows = self.flatness()
        self.failures += [f"{row['name']} grew from {row['before']} to {row['after']}" for row in rows if not row["holds"]]
        print(f"{'':14}{'warm':>10}{'at the end':>12}{'at most':>10}")
        for row in rows:
            print(f"{row['name']:14}{row['before']:>10}{row['after']:>12}{row['at_most']:>10}{'' if row['holds'] else '  GREW'}")
        print(f"database_mib  {self.samples[0]['database_mib']:>10}{self.samples[-1]['database_mib']:>12}")
        print(", ".join(f"{number} {what}" for what, number in sorted(self.counts.items())))
        print(f"lost {self.zeros['lost']}, false {self.zeros['false']}, sent twice without need {self.zeros['needless']}")
        return {"seed": self.options.seed, "seconds": self.options.time, "rows": rows, "counts": self.counts, "zeros": self.zeros,
                "failures": self.failures, "samples": self.samples}  # fmt: skip

    def end(self):
        self.stop.set()
        for program in (self.server.program, self.simulator.program):
            if program.process and program.process.poll() is None:
                program.process.kill()
                program.process.wait()


def parse_options():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--time", type=float, default=3600, help="seconds of load; an hour by default")
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(2**32))
    parser.add_argument("--bin", type=pathlib.Path, required=True, help="where the programs are")
    parser.add_argument("--data", type=pathlib.Path, required=True, help="a directory, which is emptied first")
    parser.add_argument("--report", type=pathlib.Path, required=True, help="the JSON report")
    return parser.parse_args()


def main():
    options = parse_options()
    options.data = options.data.resolve()
    print(f"seed {options.seed}, {options.time:.0f} s", flush=True)
    soak = Soak(options)
    try:
        soak.run()
        options.report.write_text(json.dumps(soak.report(), indent=1), encoding="utf-8")
    except SoakError as failure:
        soak.failures.append(str(failure))
    finally:
        soak.end()
    for failure in soak.failures:
        print(f"FAILED: {failure}")
    return 1 if soak.failures else 0


if __name__ == "__main__":
    sys.exit(main())

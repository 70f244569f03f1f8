"""replicas: three servers at one PostgreSQL database against one, and whether the three are one guest to the target."""

import contextlib
import os
import pathlib
import shutil
import subprocess
import tempfile

from harness.programs import FAST, Client, Server, Simulator, expect_all_confirmed, fresh_folder
from harness.report import Row

SERVERS = 3
SENDERS = 16  # Of each server.
SLOTS = 64
FEW_SLOTS = 12
QUOTA = 200
REACH = 2.8
LATENCY = "100ms"
PROGRAMS = pathlib.Path("/usr/lib/postgresql/15/bin")


class Postgres:
    """A PostgreSQL server of this bench's own, in a directory that is removed at the end."""

    def __enter__(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="bench-pg-"))
        if os.geteuid() == 0:
            shutil.chown(self.folder, "postgres")
        self._run("initdb", "-D", self.folder / "data", "-U", "postgres", "-A", "trust", "--locale=C", "-E", "UTF8")
        self._control("start", "-o", f"-k {self.folder} -c listen_addresses=")
        return self

    def __exit__(self, *_):
        self._control("stop", "-m", "immediate")
        shutil.rmtree(self.folder)

    def _control(self, verb, *arguments):
        self._run("pg_ctl", "-D", self.folder / "data", "-l", self.folder / "log", "-w", verb, *arguments)

    def _run(self, program, *arguments):
        command = [str(PROGRAMS / program), *map(str, arguments)]
        if os.geteuid() == 0:
            command = ["runuser", "-u", "postgres", "--", *command]
        subprocess.run(command, check=True, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, cwd="/")

    def new_database(self, name):
        make = f"CREATE DATABASE {name} ENCODING 'UTF8' TEMPLATE template0"
        self._run("psql", "-X", "-q", "-h", self.folder, "-c", make, "postgres")
        return f"postgresql:///{name}?host={self.folder}&user=postgres"


def run_servers(postgres, name, servers, files, flags, settings):
    """How long a run of `files` takes, and what the target saw."""
    folder = fresh_folder(f"replicas-{name}")
    database = {"DATABASE_URL": postgres.new_database(name.replace("-", "_"))}
    client = Client()
    with Simulator(folder, *FAST, "--splp-latency", LATENCY, *flags) as simulator, contextlib.ExitStack() as stack:
        started = [
            stack.enter_context(Server(fresh_folder(f"replicas-{name}/{i}"), simulator, {**database, **settings}))
            for i in range(servers)
        ]
        client.load(started[0], files)
        run = client.ask(started[0], "sync", "--target", "splp")
        expect_all_confirmed(run, files)
        stats = simulator.stats()
        for server in started:
            server.stop()
    return run["seconds"], stats


def run_replicas(quick):
    files = 1_600 if quick else 8_000
    many = {"SPLP_MAX_CONCURRENCY": str(SLOTS), "SPLP_MAX_SENDERS": str(SENDERS)}
    slots = ("--splp-slots", str(SLOTS))
    with Postgres() as postgres:
        alone, _ = run_servers(postgres, "one", 1, files, slots, many)
        shared, stats = run_servers(postgres, "three", SERVERS, SERVERS * files, slots, many)
        _, of_few = run_servers(
            postgres, "few-slots", SERVERS, files // 4, ("--splp-slots", str(FEW_SLOTS)),
            {**many, "SPLP_MAX_CONCURRENCY": str(FEW_SLOTS)},
        )  # fmt: skip
        _, of_quota = run_servers(
            postgres, "quota", SERVERS, files // 2, ("--splp-quota", str(QUOTA)), {**many, "SPLP_RATE_LIMIT": str(QUOTA)}
        )
    value, peer = SERVERS * files / shared, files / alone
    peaks = [item["splp"]["concurrency"]["peak_offered"] for item in (stats, of_few)]
    refused = of_quota["refused_by_quota"]
    holds = value / peer >= REACH and peaks[0] <= SLOTS and peaks[1] <= FEW_SLOTS and refused == 0
    detail = (
        f"at most {peaks[0]} at once for {SLOTS} slots and {peaks[1]} for {FEW_SLOTS}; "
        f"{refused} of {files // 2} refused by a quota of {QUOTA}/s"
    )
    return Row("replicas", value, peer, value / peer, REACH, holds, detail)

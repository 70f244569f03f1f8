"""throughput: a SyncAll to a fast target, every resting state read by a client, against wrk posting the same bodies."""

import json
import shutil
import statistics
import subprocess

from harness.programs import DATA, FAST, Client, Server, Simulator, expect_all_confirmed, fresh_folder
from harness.report import Row

REACH = 0.5


def sizes(quick):
    return (2_000, 1) if quick else (100_000, 3)


def write_bodies(simulator, path):
    """The bodies that the service has posted: what the target holds now."""
    with open(path, "w", encoding="utf-8") as out:
        for record in simulator.truth()["splp"].values():
            out.write(json.dumps(record["value"], ensure_ascii=False, separators=(",", ":")) + "\n")


def post_with_wrk(simulator, bodies, seconds):
    """Requests per second that wrk gets answered."""
    script = DATA.parents[1] / "tests" / "bench" / "post.lua"
    command = ["wrk", "-t1", "-c8", f"-d{seconds}s", "-s", script, f"{simulator.url}/splp/datasets", "--", bodies]
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True, check=True)
    figures = json.loads(done.stdout.splitlines()[-1])
    if figures["failed"]:
        raise RuntimeError(f"wrk was refused: {figures}")
    return figures["requests"] / figures["seconds"]


def prepare_catalogue(client, simulator, files):
    """A data folder with `files` files imported and nothing sent."""
    template = fresh_folder("throughput-template")
    with Server(template, simulator) as server:
        client.load(server, files)
        server.stop()
    return template


def sync_once(client, simulator, template, files):
    """One run from the template: deliveries per second, and the CPU microseconds of the service for each."""
    folder = fresh_folder("throughput")
    shutil.copytree(template / "data", folder / "data")
    with Server(folder, simulator) as server:
        before = server.cpu_seconds()
        run = client.ask(server, "sync", "--target", "splp")
        cpu = server.cpu_seconds() - before
        expect_all_confirmed(run, files)
        server.stop()
    return files / run["seconds"], 1e6 * cpu / files


def run(quick):
    files, repeats = sizes(quick)
    client = Client()
    rates, costs, peers = [], [], []
    with Simulator(fresh_folder("throughput-target"), *FAST) as simulator:
        template = prepare_catalogue(client, simulator, files)
        bodies = template / "bodies.jsonl"
        for _ in range(repeats):
            simulator.ask("/admin/reset", {})
            rate, cost = sync_once(client, simulator, template, files)
            rates.append(rate)
            costs.append(cost)
            if not bodies.exists():
                write_bodies(simulator, bodies)
            simulator.ask("/admin/reset", {})
            peers.append(post_with_wrk(simulator, bodies, seconds=1 if quick else 4))
    value, peer = statistics.median(rates), statistics.median(peers)
    detail = f"{files} files, {statistics.median(costs):.0f} us of CPU per delivery"
    return Row("throughput", value, peer, value / peer, REACH, value / peer >= REACH, detail)

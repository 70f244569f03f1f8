"""watchers: a run that 200 streams follow, half of them without reading, against the same run that one follows."""

import json
import shutil
import statistics

from harness.programs import FAST, Client, Server, Simulator, fresh_folder
from harness.report import Row

REACH = 0.9
FLAT_MIB = 32.0


def prepare_catalogue(client, simulator, files):
    template = fresh_folder("watchers-template")
    with Server(template, simulator) as server:
        client.load(server, files)
        server.stop()
    return template


def run_once(client, simulator, template, files, readers, idlers):
    """Seconds that the run took, and by how much the server's memory grew from when all streams were open."""
    folder = fresh_folder("watchers")
    shutil.copytree(template / "data", folder / "data")
    simulator.ask("/admin/reset", {})
    with Server(folder, simulator) as server:
        run_id = client.ask(server, "sync", "--target", "splp", "--detach")["run_id"]
        with client.start(server, "watch", run_id, "--readers", readers, "--idlers", idlers) as watching:
            watching.stdout.readline()  # All are open.
            before = server.memory_mib()
            output, errors = watching.communicate()
        if watching.returncode != 0:
            raise RuntimeError(f"watching failed: {errors}")
        growth = server.memory_mib("VmHWM") - before
        server.stop()
    accounts = json.loads(output)["readers"]
    for account in accounts:
        told = account["told"].get("STATE_CONFIRMED", 0)
        if told != files or account["state"] != "STATE_SUCCEEDED" or not account["ordered"]:
            raise RuntimeError(f"a watcher was not told of every file: {account}")
    return accounts[0]["run_seconds"], growth


def run(quick):
    files, readers, idlers, repeats = (400, 5, 5, 1) if quick else (20_000, 100, 100, 3)
    client = Client()
    alone, watched, growths = [], [], []
    flags = ("--splp-latency", "20ms")
    with Simulator(fresh_folder("watchers-target"), *FAST, *flags) as simulator:
        template = prepare_catalogue(client, simulator, files)
        for _ in range(repeats):
            alone.append(run_once(client, simulator, template, files, 1, 0)[0])
            seconds, growth = run_once(client, simulator, template, files, readers, idlers)
            watched.append(seconds)
            growths.append(growth)
    value, peer = statistics.median(watched), statistics.median(alone)
    growth = max(growths)
    holds = peer / value >= REACH and growth <= FLAT_MIB
    detail = f"seconds of a run of {files}; memory grew by {growth:.0f} MiB while {readers + idlers} followed it"
    return Row("watchers", value, peer, peer / value, REACH, holds, detail)

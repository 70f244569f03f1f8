"""unchanged: a SyncAll that finds nothing to send, and what it holds in memory meanwhile."""

from harness.programs import FAST, Client, Server, Simulator, expect_all_confirmed, fresh_folder
from harness.report import Row

REACH_SECONDS = 10.0
REACH_MIB = 64.0
SMALL = 1_000


def measure(client, files):
    """Seconds, and the most memory that a server held that did nothing else."""
    folder = fresh_folder("unchanged")
    with Simulator(folder, *FAST) as simulator:
        with Server(folder, simulator) as server:
            client.load(server, files)
            expect_all_confirmed(client.ask(server, "sync", "--target", "splp"), files)
            server.stop()
        with Server(folder, simulator) as server:
            run = client.ask(server, "sync", "--target", "splp")
            memory = server.memory_mib("VmHWM")
            server.stop()
    unchanged = run["counts"].get("splp", {}).get("STATE_UNCHANGED", 0)
    if run["state"] != "STATE_SUCCEEDED" or unchanged != files:
        raise RuntimeError(f"not every file was found unchanged: {run}")
    return run["seconds"], memory


def run(quick):
    files = 10_000 if quick else 1_000_000
    client = Client()
    _, small_memory = measure(client, SMALL)
    seconds, memory = measure(client, files)
    growth = memory - small_memory
    holds = seconds < REACH_SECONDS and growth <= REACH_MIB
    detail = f"{files} files, {growth:.0f} MiB more than with {SMALL} ({memory:.0f} MiB)"
    return Row("unchanged", seconds, None, None, REACH_SECONDS, holds, detail)

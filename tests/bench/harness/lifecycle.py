"""start and stop: from exec to serving against a server that does nothing else; from SIGTERM to the end, idle and at work."""

import signal
import statistics
import time

from harness.programs import FAST, Client, Program, Server, Simulator, fresh_folder, wait_until
from harness.report import Row

START_REACH = 5.0
STOP_REACH = 200.0  # Milliseconds, with nothing to do.
GRACE = 10.0  # Seconds: SHUTDOWN_GRACE as it is when nobody sets it.
LATENCY = 1.0
FILES = 2_000


def milliseconds(since):
    return (time.monotonic() - since) * 1000


def start(make):
    """The program that `make` starts, and how long it took until it served."""
    began = time.monotonic()
    program = make()
    program.address()
    return program, milliseconds(began)


def stop(program):
    began = time.monotonic()
    program.process.send_signal(signal.SIGTERM)
    if program.process.wait() != 0:
        raise RuntimeError(f"{program.name} did not end well: {program.errors.read_text()[-2000:]}")
    return milliseconds(began)


def lives(make, count):
    """(start, stop) of `count` lives that have nothing to do."""
    figures = []
    for _ in range(count):
        program, started = start(make)
        with program:
            figures.append((started, stop(program)))
    return figures


def idle_lives(quick):
    count = 3 if quick else 15
    client = Client()
    folder = fresh_folder("start")
    bare_command = [Client.program, "bare-server", "--address-file", folder / "bare.address"]
    with Simulator(folder, *FAST) as simulator:
        with Server(folder, simulator) as server:  # The database is there from now on, with something in it.
            client.load(server, FILES)
            server.stop()
        own = lives(lambda: Server(folder, simulator), count)
        bare = lives(lambda: Program(folder, "bare", bare_command), count)
    return own, bare


def run_start(quick):
    own, bare = idle_lives(quick)
    value, peer = statistics.median(life[0] for life in own), statistics.median(life[0] for life in bare)
    detail = f"ms; the slowest {max(life[0] for life in own):.0f}"
    return Row("start", value, peer, value / peer, START_REACH, value / peer <= START_REACH, detail)


def run_stop(quick):
    own, bare = idle_lives(quick)
    value, peer = statistics.median(life[1] for life in own), statistics.median(life[1] for life in bare)
    loaded = stop_at_work()
    holds = value <= STOP_REACH and loaded <= (LATENCY + 1) * 1000
    detail = f"ms; at work, with answers that take {LATENCY:.0f} s and {GRACE:.0f} s of grace: {loaded:.0f}"
    return Row("stop", value, peer, None, STOP_REACH, holds, detail)


def stop_at_work():
    client = Client()
    folder = fresh_folder("stop")
    with Simulator(folder, *FAST, "--latency", f"{LATENCY:.0f}s") as simulator, Server(folder, simulator) as server:
        client.load(server, FILES)
        client.ask(server, "sync", "--target", "splp", "--detach")
        wait_until(lambda: simulator.truth()["totals"]["splp"]["applies"] > 0, 60, "something is sent")
        return stop(server)

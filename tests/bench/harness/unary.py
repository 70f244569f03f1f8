"""unary: GetFileStatus against the same method of a server that does nothing else."""

import statistics

from harness.programs import FAST, Client, Program, Server, Simulator, expect_all_confirmed, fresh_folder
from harness.report import Row

REACH = 1.5
FILES = 1_000


def run(quick):
    calls, repeats = (300, 1) if quick else (10_000, 5)
    client = Client()
    folder = fresh_folder("unary")
    bare_command = [Client.program, "bare-server", "--address-file", folder / "bare.address"]
    with Simulator(folder, *FAST) as simulator, Server(folder, simulator) as server:
        client.load(server, FILES)
        expect_all_confirmed(client.ask(server, "sync", "--target", "splp"), FILES)
        with Program(folder, "bare", bare_command) as bare:
            command = ("unary", "--peer", bare.address(), "--calls", calls)
            figures = [client.ask(server, *command) for _ in range(repeats)]
        server.stop()
    value = statistics.median(figure["p50"] for figure in figures)
    peer = statistics.median(figure["peer_p50"] for figure in figures)
    detail = f"p50 in us; p99 {statistics.median(f['p99'] for f in figures):.0f}"
    return Row("unary", value, peer, value / peer, REACH, value / peer <= REACH, detail)

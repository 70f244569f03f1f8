"""faults: seven kinds of misbehaviour, each befalling a tenth of the requests, against what the targets hold in the end."""

import random

from harness.programs import FAST, Client, Server, Simulator, fresh_folder
from harness.proof import prove
from harness.report import Row

SHARE = 0.1
COMMON = {
    "hang-before": SHARE,  # Dropped.
    "hang-after": SHARE,  # Executed, then timed out.
    "reset-before": SHARE / 2,
    "reset-after": SHARE / 2,
    "error-500-before": SHARE / 2,
    "error-503-after": SHARE / 2,
    "throttle-bare": SHARE,  # 429.
    "html-200": SHARE / 2,
    "html-403": SHARE / 2,
}
# 200 with errors, as each system words it.
QUIRKS = {
    "splp.post": {**COMMON, "status-error-200": SHARE},
    "sipd.push_dssd": {**COMMON, "no-commit": SHARE},
}
VALUES = 20
# Short, so that it ends: who is not answered at once is not answered at all here.
SETTINGS = {
    f"{target}_{name}": value
    for target in ("SPLP", "SIPD")
    for name, value in {
        "REQUEST_DEADLINE": "500ms",
        "SETTLE_TIME": "100ms",
        "CONFIRM_WAIT": "30s",
        "MAX_CONCURRENCY": "64",
    }.items()
}
# What fails seven times of ten is hardly ever let alone for long enough to count as working again.
SETTINGS["CIRCUIT_OPEN_TIME"] = "50ms"
TARGETS = ("splp", "sipd")
# How a file may stand once nothing misbehaves any more.
SETTLED = ("STATE_CONFIRMED", "STATE_UNCHANGED", "STATE_SKIPPED", "STATE_REJECTED", "STATE_PARTIAL")


def quirk_flag():
    return ",".join(f"{scope}/{name}={rate}" for scope, rates in QUIRKS.items() for name, rate in rates.items())


def claims_of(client, server, run):
    return client.lines(server, "claims", run["run_id"], "--records")


def unsettled(claims):
    newest = {(claim["target"], claim["file"]): claim["state"] for claim in claims}
    return [f"{target} {file} ended {state}" for (target, file), state in newest.items() if state not in SETTLED]


def run(quick):
    plain, with_values = (200, 10) if quick else (5_000, 250)
    seed = random.SystemRandom().randrange(1 << 31)
    print(f"faults: seed {seed}", flush=True)
    client = Client()
    folder = fresh_folder("faults")
    flags = ("--seed", str(seed), "--hold", "600ms", "--quirks", quirk_flag())
    with Simulator(folder, *FAST, *flags) as simulator:
        with Server(folder, simulator, SETTINGS, TARGETS) as server:
            files = client.load(server, plain) + client.load(server, with_values, VALUES, first=plain)
            claims = claims_of(client, server, client.ask(server, "sync"))
            proof = prove(claims, simulator.truth(), files, TARGETS)
            simulator.ask("/admin/quirks", {name: 0 for name in simulator.ask("/admin/quirks")})
            claims += claims_of(client, server, client.ask(server, "sync"))
            after = prove(claims, simulator.truth(), files, TARGETS)
            server.stop()
    after.lost += unsettled(claims)
    bad = float(proof.count + after.count)
    detail = f"{plain} + {with_values * VALUES} records: {proof.text()}; without the faults: {after.text()}"
    return Row("faults", bad, None, None, 0.0, bad == 0, detail)

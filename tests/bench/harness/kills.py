"""kills: `kill -9` at random moments of runs, against what the targets hold in the end."""

import random
import time

from harness.programs import FAST, Client, Server, Simulator, fresh_folder, wait_until
from harness.proof import prove
from harness.report import Row

BATCH = 200
VALUES = 5
LONGEST_LIFE = 1.5
TARGETS = ("splp", "sipd")
SETTINGS = {
    f"{target}_{name}": value
    for target in ("SPLP", "SIPD")
    for name, value in {"REQUEST_DEADLINE": "1s", "SETTLE_TIME": "200ms", "CONFIRM_WAIT": "30s"}.items()
}
TARGET_FLAGS = ("--latency", "20ms")


class Batches:
    """The files of the catalogue in groups, each the business of one run."""

    def __init__(self, client, count):
        self.client = client
        self.count = count
        self.started = 0

    def load(self, server):
        self.files = self.client.load(server, self.count * BATCH, VALUES)

    def start_next(self, server):
        """Unless the run before is still going on."""
        first = self.started * BATCH
        if self.client.try_to_ask(server, "sync", "--detach", "--first", first, "--count", BATCH):
            self.started += 1

    def begun(self, claims):
        """Ids of all files of the batches that any claim is about: a run of them exists."""
        place = {file: index // BATCH for index, file in enumerate(self.files)}
        batches = {place[claim["file"]] for claim in claims}
        return [file for file in self.files if place[file] in batches]


def live_and_die(folder, simulator, batches, dice):
    """One life of the server, which ends by kill -9."""
    life = dice.uniform(0, LONGEST_LIFE)
    with Server(folder, simulator, SETTINGS, TARGETS) as server:
        born = time.monotonic()
        batches.start_next(server)
        # What is random here is the moment; nothing waits for it.
        time.sleep(max(0.0, born + life - time.monotonic()))
        server.kill()


def all_claims(client, server):
    """Once all runs have ended and nothing of them is open any more."""
    runs = [run["run_id"] for run in client.lines(server, "runs")]
    for run_id in runs:
        client.ask(server, "watch", run_id)
    wait_until(lambda: not any(run["open"] for run in client.lines(server, "runs")), 120, "every run is settled")
    return [claim for run_id in reversed(runs) for claim in client.lines(server, "claims", run_id, "--records")]


def run(quick):
    kills = 4 if quick else 100
    seed = random.SystemRandom().randrange(1 << 31)
    print(f"kills: seed {seed}", flush=True)
    dice = random.Random(seed)
    client = Client()
    batches = Batches(client, kills)
    folder = fresh_folder("kills")
    with Simulator(folder, *FAST, *TARGET_FLAGS) as simulator:
        with Server(folder, simulator, SETTINGS, TARGETS) as server:
            batches.load(server)
            server.stop()
        for _ in range(kills):
            live_and_die(folder, simulator, batches, dice)
        with Server(folder, simulator, SETTINGS, TARGETS) as server:
            claims = all_claims(client, server)
            server.stop()
        proof = prove(claims, simulator.truth(), batches.begun(claims), TARGETS)
    for claim in claims:
        if claim["state"] not in ("STATE_CONFIRMED", "STATE_UNCHANGED"):
            proof.lost.append(f"{claim['target']} {claim['file']} ended {claim['state']}")
    detail = f"{kills} kills, {batches.started} runs of {BATCH} files: {proof.text()}"
    return Row("kills", float(proof.count), None, None, 0.0, proof.count == 0, detail)

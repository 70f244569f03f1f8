"""latency-bound and quota: how close the service comes to what a target can take, without being told."""

import threading
import time

from harness.programs import FAST, Client, Server, Simulator, expect_all_confirmed, fresh_folder
from harness.report import Row

SLOTS = 64
LATENCY = 0.1
QUOTA = 200
REACH = 0.97
MOST_REFUSED = 0.01
RAMP = 10.0
TAIL = 1.0
# More than the target takes at once: what it takes is for the service to find out.
SETTINGS = {"SPLP_MAX_CONCURRENCY": "128"}


def run_latency_bound(quick):
    files = 1_280 if quick else 38_400
    client = Client()
    folder = fresh_folder("latency-bound")
    flags = ("--splp-latency", f"{LATENCY * 1000:.0f}ms", "--splp-slots", str(SLOTS))
    with Simulator(folder, *FAST, *flags) as simulator, Server(folder, simulator, SETTINGS) as server:
        client.load(server, files)
        run = client.ask(server, "sync", "--target", "splp")
        expect_all_confirmed(run, files)
        peak = simulator.stats()["splp"]["concurrency"]
        server.stop()
    value, peer = files / run["seconds"], SLOTS / LATENCY
    detail = f"{files} files in {run['seconds']:.1f} s, at most {peak['peak_offered']} at once for {SLOTS} slots"
    return Row("latency-bound", value, peer, value / peer, REACH, value / peer >= REACH, detail)


class Sampler:
    """Writes down, ten times a second, what the target took and refused."""

    def __init__(self, simulator):
        self.simulator = simulator
        self.samples = []
        self.ended = threading.Event()
        self.thread = threading.Thread(target=self._sample)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.ended.set()
        self.thread.join()

    def _sample(self):
        while not self.ended.wait(0.1):
            stats = self.simulator.stats()
            self.samples.append((time.monotonic(), stats["splp"]["applies"], stats["refused_by_quota"]))


def window_of(samples, start, end):
    """Seconds, accepted and refused between the first sample from `start` and the last one until `end`."""
    inside = [sample for sample in samples if start <= sample[0] <= end]
    if len(inside) < 2:
        raise RuntimeError("the run was too short to measure")
    return tuple(last - first for first, last in zip(inside[0], inside[-1]))


def run_quota(quick):
    files = QUOTA * (14 if quick else 60)
    client = Client()
    folder = fresh_folder("quota")
    with Simulator(folder, *FAST, "--splp-quota", str(QUOTA)) as simulator:
        with Server(folder, simulator, SETTINGS) as server:
            client.load(server, files)
            with Sampler(simulator) as sampler:
                start = time.monotonic()
                run = client.ask(server, "sync", "--target", "splp")
                end = time.monotonic()
            expect_all_confirmed(run, files)
            server.stop()
    seconds, accepted, refused = window_of(sampler.samples, start + RAMP, end - TAIL)
    value = accepted / seconds
    refused_share = refused / max(1, accepted + refused)
    holds = value / QUOTA >= REACH and refused_share <= MOST_REFUSED
    detail = f"{refused_share:.2%} refused, over {seconds:.0f} s"
    return Row("quota", value, float(QUOTA), value / QUOTA, REACH, holds, detail)

"""read-csv and read-xlsx: a table read to its end, against what others read it with."""

import json
import pathlib
import subprocess
import time

from harness.programs import BUILD, fresh_folder
from harness.report import Row

REACH = 1.0
REACH_MIB = 64.0
READER = BUILD / "tests" / "bench-read-table"
SCRIPTS = pathlib.Path(__file__).resolve().parents[1] / "tables"
PYTHON = "/usr/bin/python3"  # The one that the system's packages are for.


def call(*command):
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True, check=True)
    return done.stdout


def timed(*command):
    begin = time.monotonic()
    call(*command)
    return time.monotonic() - begin


def peer(kind, path):
    seconds, cells = call(PYTHON, SCRIPTS / "peer.py", kind, path).split()
    return float(seconds), int(cells)


def make(name, count):
    path = fresh_folder(name.partition(".")[0] + "-table") / name
    call(PYTHON, SCRIPTS / "make.py", count, path)
    return path


def judge(name, path, ours, peers, cells):
    if ours["cells"] != cells:
        raise RuntimeError(f"{name}: {ours['cells']} cells, but others find {cells}")
    fastest = min(peers, key=peers.get)
    ratio = peers[fastest] / ours["seconds"]
    holds = ratio >= REACH and ours["memory_mib"] <= REACH_MIB
    megabytes = path.stat().st_size / 1e6
    others = ", ".join(f"{peer_name} {seconds:.2f} s" for peer_name, seconds in peers.items())
    detail = f"{megabytes:.0f} MB, {ours['memory_mib']:.0f} MiB; {others}"
    return Row(name, ours["seconds"], peers[fastest], ratio, REACH, holds, detail)


def run_read_csv(quick):
    path = make("large.csv", 20_000 if quick else 1_420_000)
    ours = json.loads(call(READER, path))
    seconds, cells = peer("csv", path)
    return judge("read-csv", path, ours, {"csv": seconds}, cells)


def run_read_xlsx(quick):
    path = make("large.xlsx", 2_000 if quick else 440_000)
    ours = json.loads(call(READER, path))
    seconds, cells = peer("openpyxl", path)
    xlsx2csv = timed("xlsx2csv", path, path.with_suffix(".csv"))
    return judge("read-xlsx", path, ours, {"xlsx2csv": xlsx2csv, "openpyxl": seconds}, cells)

#!/usr/bin/env python3
"""Measures what the service is to reach, with the built programs as processes. tests/bench/run.sh builds and calls it."""

import argparse
import importlib
import pathlib
import sys
import time

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

from harness import report  # noqa: E402
from harness.programs import DATA, ROOT  # noqa: E402

# Row -> module. In the order in which they are measured.
ROWS = {
    "throughput": "throughput",
    "latency-bound": "limits",
    "quota": "limits",
    "unchanged": "unchanged",
    "unary": "unary",
    "watchers": "watchers",
    "replicas": "replicas",
    "faults": "faults",
    "kills": "kills",
    "start": "lifecycle",
    "stop": "lifecycle",
    "read-csv": "tables",
    "read-xlsx": "tables",
}
# These hold at any size and speed.
CLAIMS = ("faults", "kills")


def measure(name, quick):
    module = importlib.import_module(f"harness.{ROWS[name]}")
    row_function = getattr(module, f"run_{name.replace('-', '_')}", None) or module.run
    started = time.monotonic()
    row = row_function(quick)
    print(f"{name}: {'holds' if row.holds else 'DOES NOT HOLD'} ({time.monotonic() - started:.0f} s)", flush=True)
    return row


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("rows", nargs="*", metavar="ROW", help=f"of {', '.join(ROWS)}; none: all")
    parser.add_argument("--quick", action="store_true", help="small and once; only claims are judged")
    parser.add_argument("--out", type=pathlib.Path, help="default: build/bench.json; with --quick build/bench-quick.json")
    options = parser.parse_args()
    unknown = [name for name in options.rows if name not in ROWS]
    if unknown:
        parser.error(f"no such row: {', '.join(unknown)}")
    DATA.mkdir(parents=True, exist_ok=True)
    rows = [measure(name, options.quick) for name in options.rows or ROWS]
    report.write(options.out or ROOT / "build" / ("bench-quick.json" if options.quick else "bench.json"), rows)
    report.print_table(rows)
    judged = [row for row in rows if not options.quick or row.name in CLAIMS]
    return 0 if all(row.holds for row in judged) else 1


if __name__ == "__main__":
    sys.exit(main())

#!/usr/bin/env python3
"""Makes the sample: the catalogue of a made-up regency, its files, and what the targets hold beforehand.

    python3 deploy/demo/make_sample.py            writes deploy/demo/sample/, always the same bytes
    python3 deploy/demo/make_sample.py --check    writes nothing; exits 1 if what is there differs

Needs Python 3.10 and nothing else.
"""

import argparse
import json
import pathlib
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

from samplegen import broken, expected, indicators, readme, tables, targets, traps  # noqa: E402
from samplegen.catalogue import make_catalogue  # noqa: E402

FOLDER = pathlib.Path(__file__).resolve().parent / "sample"


def as_json(value: object) -> bytes:
    """One list item or map entry a line, so that a change shows as a small difference."""
    return (_lines(value, 0) + "\n").encode()


def _lines(value: object, depth: int) -> str:
    if depth > 2 or not isinstance(value, (dict, list)) or not value:
        return json.dumps(value, ensure_ascii=False)
    inner = "  " * (depth + 1)
    if isinstance(value, list):
        items = [inner + json.dumps(item, ensure_ascii=False) for item in value]
    else:
        items = [f"{inner}{json.dumps(key)}: {_lines(item, depth + 1)}" for key, item in value.items()]
    opening, closing = "[]" if isinstance(value, list) else "{}"
    return opening + "\n" + ",\n".join(items) + "\n" + "  " * depth + closing


def make_files() -> dict[str, bytes]:
    """Path in the sample's folder -> content."""
    groups = indicators.make_groups()
    all_tables = tables.make_tables(groups)
    traps.Traps(all_tables, groups).set_all()
    records = make_catalogue(all_tables)
    lines = broken.catalog_lines(records)
    held = targets.hold(records)
    expectation = expected.expectation(records, len(lines), groups, held)
    files = {f"content/{record.filename}": record.content for record in records if record.content is not None}
    return files | {
        "catalog.jsonl": "".join(line + "\n" for line in lines).encode(),
        "targets.json": as_json(targets.state(groups, held)),
        "expected.json": as_json(expectation),
        "README.md": readme.page(records, held, expectation).encode(),
    }


def held_files() -> dict[str, bytes]:
    return {str(path.relative_to(FOLDER)): path.read_bytes() for path in FOLDER.rglob("*") if path.is_file()}


def write(files: dict[str, bytes]) -> None:
    for name in held_files().keys() - files.keys():
        (FOLDER / name).unlink()
    (FOLDER / "content").mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (FOLDER / name).write_bytes(content)


def main() -> int:
    parser = argparse.ArgumentParser(description="Makes the sample catalogue.")
    parser.add_argument("--check", action="store_true", help="compare only")
    check = parser.parse_args().check
    files = make_files()
    if not check:
        write(files)
        return 0
    held = held_files()
    differing = sorted(name for name in files.keys() | held.keys() if files.get(name) != held.get(name))
    for name in differing:
        print(f"differs from what the generator makes: {name}", file=sys.stderr)
    return 1 if differing else 0


if __name__ == "__main__":
    sys.exit(main())

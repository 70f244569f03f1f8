"""What a row of the bench comes out as, for people and for programs."""

import dataclasses
import json


@dataclasses.dataclass
class Row:
    """`ratio` is what is held against `reach`, or `value` where there is no ratio."""

    name: str
    value: float
    peer: float | None
    ratio: float | None
    reach: float
    holds: bool
    detail: str = ""

    def as_json(self):
        rounded = {key: _rounded(value) for key, value in dataclasses.asdict(self).items()}
        return rounded


def _rounded(value):
    return round(value, 4) if isinstance(value, float) else value


def write(path, rows):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({"rows": [row.as_json() for row in rows]}, indent=1) + "\n", encoding="utf-8")


def print_table(rows):
    print(f"\n{'row':<14} {'value':>12} {'peer':>12} {'ratio':>8} {'reach':>8}  holds  detail")
    for row in rows:
        print(
            f"{row.name:<14} {_cell(row.value):>12} {_cell(row.peer):>12} {_cell(row.ratio):>8} "
            f"{_cell(row.reach):>8}  {'yes' if row.holds else 'NO':<5}  {row.detail}"
        )


def _cell(number):
    if number is None:
        return "-"
    return f"{number:.3f}" if abs(number) < 100 else f"{number:.0f}"

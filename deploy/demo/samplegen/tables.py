"""Tables of yearly values: what the files of the sample hold, before they are written down."""

from dataclasses import dataclass, field
from decimal import Decimal

from samplegen.dice import Dice
from samplegen.figures import ABSENT_MARKERS, canonical, figure, write_column
from samplegen.indicators import Group, Indicator
from samplegen.vocabulary import KODEPEMDA

ROWS_WANTED = 30
RECENT_YEARS = (2024, 2023)
OLDER_YEARS = (2022, 2021, 2020, 2019)
OLDER_SHARE = 0.46
ABSENT_SHARE = 0.03


@dataclass
class Row:
    """One value. `trap` is empty for a good one, else the kind of trouble it makes (traps.py)."""

    code: str
    year: str
    value: Decimal
    label: str
    unit: str
    literal: str | None = None  # Written instead of `value`.
    trap: str = ""

    @property
    def key(self) -> str:
        return f"{KODEPEMDA}.{self.code}.{self.year}"

    @property
    def canonical(self) -> str:
        return canonical(self.value)


@dataclass
class Table:
    """`groups` and `years` are what its title speaks of; `style` is how it writes numbers (figures.py), or
    `json` for JSON numbers and `json-mixed` for every other one."""

    field: str
    groups: list[Group]
    years: list[int]
    rows: list[Row]
    inline: bool = False
    verified: bool = True
    style: str = "id"
    kind: str = "ordinary"
    traps: set[str] = field(default_factory=set)

    def clean_rows(self) -> list[Row]:
        return [row for row in self.rows if not row.trap]

    def texts(self) -> list[str]:
        """The cells of the value column; for JSON numbers, their digits."""
        style = {"json": "en-plain", "json-mixed": "id-plain"}.get(self.style, self.style)
        written = write_column([row.value for row in self.rows], style)
        return [text if row.literal is None else row.literal for row, text in zip(self.rows, written)]


def make_row(indicator: Indicator, year: int) -> Row:
    value = figure(indicator.code, indicator.size, year)
    return Row(indicator.code, str(year), value, indicator.text, indicator.unit)


def _years(group: Group) -> list[int]:
    dice = Dice("years/" + group.members[0].code)
    older = OLDER_YEARS[:dice.between(1, len(OLDER_YEARS))] if dice.chance(OLDER_SHARE) else ()
    return [*RECENT_YEARS, *older]


def _units(groups: list[Group]) -> list[tuple[Group, int]]:
    """Every (group, year) that the region has figures of, each exactly once."""
    return [(group, year) for group in groups if group.active for year in _years(group)]


def _table(units: list[tuple[Group, int]]) -> Table:
    groups = list(dict.fromkeys(group for group, _ in units))
    rows = [make_row(member, year) for group, year in units for member in group.active]
    return Table(groups[0].field, groups, sorted({year for _, year in units}), rows)


def _tables_of_field(groups: list[Group]) -> list[Table]:
    tables, pending, rows = [], [], 0
    for group, year in _units(groups):
        pending.append((group, year))
        rows += len(group.active)
        if rows >= ROWS_WANTED:
            tables.append(_table(pending))
            pending, rows = [], 0
    return tables + ([_table(pending)] if pending else [])


def make_tables(groups: list[Group]) -> list[Table]:
    """All figures of the region, cut into files that each keep to one field."""
    tables = []
    for name in dict.fromkeys(group.field for group in groups):
        tables += _tables_of_field([group for group in groups if group.field == name])
    _assign(tables)
    _mark_absent(tables)
    return tables


def _assign(tables: list[Table]) -> None:
    """Who is inline, who is verified, and who writes how."""
    dice = Dice("tables")
    for table in tables:
        table.inline = dice.chance(0.36)
        table.verified = not dice.chance(0.16)
        styles = ("id", "id", "id-plain", "json", "json-mixed") if table.inline else ("id", "id", "id-plain")
        table.style = dice.pick(styles)
    first_csv = next(table for table in tables if table.verified and not table.inline)
    first_csv.style = "en"


def _mark_absent(tables: list[Table]) -> None:
    dice = Dice("absent")
    for row in (row for table in tables for row in table.rows):
        if dice.chance(ABSENT_SHARE):
            row.literal, row.trap = dice.pick(ABSENT_MARKERS), "absent"

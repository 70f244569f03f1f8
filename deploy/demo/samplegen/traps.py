"""The trouble that real catalogues make, put into the tables in known amounts."""

from dataclasses import replace
from decimal import Decimal

from samplegen.dice import Dice
from samplegen.figures import NO_NUMBERS, other_figure
from samplegen.indicators import Group
from samplegen.tables import Row, Table, make_row
from samplegen.vocabulary import LOCAL_PREFIX

MALFORMED_CODES = ("1.02.318", "1.02.0003188", "1,02,000318", "0.02.000318", "1.2.000318", "102000318",
                   "1.02-000318", "1.02.00O318", "1.02.000 318", "1.O2.000318")
INVALID_YEARS = ("2O24", "24", "2023/2024")
AMBIGUOUS = (("54,852", "7,125", "12,340", "3,905", "118,250"), ("1.234", "15.020", "2.750", "9.118"),
             ("6.480", "31.207", "1.095"))


class Traps:
    """Sets traps in good rows of verified tables; no row has two, and a table is asked in chance order."""

    def __init__(self, tables: list[Table], groups: list[Group]):
        self._tables = tables
        self._groups = groups
        self._dice = Dice("traps")

    def set_all(self) -> None:
        self._spoil(8, "invalid", 4, lambda row, i: replace(row, literal=NO_NUMBERS[i]))
        self._spoil(10, "malformed", 4, lambda row, i: replace(row, code=MALFORMED_CODES[i]))
        self._spoil(3, "year", 3, lambda row, i: replace(row, year=INVALID_YEARS[i]))
        self._spoil(10, "unknown", 3, lambda row, i: replace(row, code=f"{row.code[:4]}.{900_101 + 7 * i}"))
        self._spoil(25, "local", 5, self._localised)
        self._disabled(15, 5)
        self._shared(8, "contradict", other_figure)
        self._shared(10, "same", lambda value: value)
        self._duplicate()
        self._unverified_revision()
        self._tables.extend(self._ambiguous(index, texts) for index, texts in enumerate(AMBIGUOUS))

    def _hosts(self, count: int) -> list[Table]:
        """Ordinary verified tables without traps so far."""
        free = [table for table in self._tables
                if table.verified and not table.traps and len(table.rows) > 20]
        return self._dice.take(free, count)

    def _spoil(self, count: int, trap: str, hosts: int, spoil) -> None:
        """Turns `count` good rows, spread over `hosts` tables, into bad ones."""
        tables = self._hosts(hosts)
        for index in range(count):
            table = tables[index % hosts]
            row = self._dice.pick(table.clean_rows())
            table.rows[table.rows.index(row)] = replace(spoil(row, index), trap=trap)
            table.traps.add(trap)

    def _localised(self, row: Row, index: int) -> Row:
        forms = (f"{LOCAL_PREFIX}.01.001.{index + 1:02}", f"DS.{index + 123:04}", f"DG.{index + 40:04}")
        return replace(row, code=forms[0 if index % 5 < 3 else index % 5 - 2])

    def _disabled(self, count: int, hosts: int) -> None:
        off = [member for group in self._groups for member in group.members if not member.active]
        tables = self._hosts(hosts)
        for index, member in enumerate(self._dice.take(off, count)):
            table = tables[index % hosts]
            table.rows.append(replace(make_row(member, 2024), trap="disabled"))
            table.traps.add("disabled")

    def _shared(self, count: int, trap: str, change) -> None:
        """Copies good rows of some tables into others, all verified: one key in two files."""
        givers, takers = self._hosts(8)[:4], self._hosts(8)[4:]
        takers = [table for table in takers if table not in givers][:4]
        for index in range(count):
            giver, taker = givers[index % 4], takers[index % len(takers)]
            row = self._dice.pick(giver.clean_rows())
            taker.rows.append(replace(row, value=change(row.value), trap=trap))
            row.trap = trap
            giver.traps.add(trap)
            taker.traps.add(trap)

    def _duplicate(self) -> None:
        table = self._hosts(1)[0]
        table.rows.append(replace(self._dice.pick(table.clean_rows()), trap="duplicate"))
        table.traps.add("duplicate")

    def _unverified_revision(self) -> None:
        """A newer draft of a verified table, not verified: it neither counts nor contradicts."""
        table = next(table for table in self._hosts(200) if not table.inline)
        rows = [replace(row, value=other_figure(row.value)) for row in table.clean_rows()[:6]]
        self._tables.append(Table(table.field, table.groups[:1], table.years, rows, verified=False,
                                  kind="revision", traps={"revision"}))

    def _ambiguous(self, index: int, texts: tuple[str, ...]) -> Table:
        """A table whose other cells are plain integers below 1,000: nothing settles how it writes."""
        field = ("2.11", "3.27", "1.06")[index]
        table = next(table for table in self._tables if table.field == field and not table.traps
                     and table.verified and len(table.rows) > 20)
        rows = [row for row in table.clean_rows()[-len(texts) - 8:]]
        table.rows = [row for row in table.rows if all(row is not moved for moved in rows)]
        for number, row in enumerate(rows):
            row.value = Decimal(self._dice.between(3, 980))
            if number < len(texts):
                row.literal, row.trap = texts[number], "ambiguous"
        return Table(field, table.groups[-1:], table.years, rows, inline=index == 2, style="id-plain",
                     kind="ambiguous", traps={"ambiguous"})

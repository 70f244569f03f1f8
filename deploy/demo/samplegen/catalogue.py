"""The region's catalogue: every table and document as a record, with what is odd about some of them."""

from dataclasses import replace
from datetime import datetime

from samplegen import contents, titles
from samplegen.dice import Dice
from samplegen.figures import other_figure
from samplegen.records import (REFUSED, UNVERIFIED, VERIFIED, Record, make_filename, make_meta, make_times,
                               name_record)
from samplegen.tables import Table
from samplegen.vocabulary import BREAKDOWNS, FIELDS

DOCUMENTS = 300
CONTENT_MISSING = 4
DOCUMENT_TYPES = ("pdf", "pdf", "pdf", "docx", "docx", "doc")
INLINE_TYPES = ("xlsx", "xlsx", "xlsx", "xls", "pdf", "docx", "csv")
REFUSED_STATUS_SHARE = 0.3
PRIVATE_SHARE = 0.07


def make_catalogue(tables: list[Table]) -> list[Record]:
    """In the order in which the portal got them."""
    records = [_table_record(table, index) for index, table in enumerate(tables)]
    _write_contents(records)
    records += _documents() + _missing_contents()
    records.sort(key=lambda record: (record.created, record.name))
    _mark_oddities(records)
    for number, record in enumerate(records):
        name_record(record, number)
    return records


def _status(dice: Dice, verified: bool) -> str:
    if verified:
        return VERIFIED
    return REFUSED if dice.chance(REFUSED_STATUS_SHARE) else UNVERIFIED


def _table_record(table: Table, index: int) -> Record:
    dice = Dice(f"record/{index}")
    _, theme, agency = FIELDS[table.field]
    created, updated = make_times(dice, table.years[-1])
    dimensions = dict.fromkeys(BREAKDOWNS[group.breakdown][0] for group in table.groups)
    record = Record(titles.table_title(table), theme, make_meta(dice, agency, "; ".join(dimensions)), created,
                    updated, dice.pick(INLINE_TYPES) if table.inline else "csv",
                    _status(dice, table.verified), is_public=not dice.chance(PRIVATE_SHARE), table=table,
                    kind=table.kind)
    record.filename = make_filename(record, record.file_type)
    return record


def _write_contents(records: list[Record]) -> None:
    """Gives each table that is not inline a file; the first plain ones get the special dialects."""
    filed = [record for record in records if not record.table.inline]
    plain = [record for record in filed if record.verified and not record.table.traps
             and record.table.style != "en" and len(record.table.rows) > 24]
    special = dict(zip((id(record) for record in plain[::5]), contents.SPECIAL.values()))
    for index, record in enumerate(filed):
        dialect = special.get(id(record), contents.EVERYDAY[index % len(contents.EVERYDAY)])
        record.file_type = dialect.file_type
        record.filename = make_filename(record, dialect.ending)
        record.content = contents.write_csv(record.table, dialect)
    _without_column(plain[1])
    _with_blanks_in_its_name(plain[2])
    _outvoted(next(record for record in records if record.table.inline and record.verified
                   and not record.table.traps))


def _without_column(record: Record) -> None:
    record.kind = record.table.kind = "missing-column"
    dialect = contents.without_values(contents.SPECIAL["tab"])
    record.content = contents.write_csv(record.table, dialect)


def _with_blanks_in_its_name(record: Record) -> None:
    record.filename = f"Rekap Data {record.table.field} (final).csv"


def _outvoted(record: Record) -> None:
    """Inline values win: this one also has a file, with older figures that must not be read."""
    record.kind, record.file_type = "inline-wins", "csv"
    record.filename = make_filename(record, "csv")
    table = record.table
    older = [replace(row, value=other_figure(row.value), literal=None) for row in table.rows]
    file_table = Table(table.field, table.groups, table.years, older, style="id-plain")
    record.content = contents.write_csv(file_table, contents.EVERYDAY[0])


def _documents() -> list[Record]:
    records = []
    for index, (title, agency, theme, year) in enumerate(titles.document_titles(DOCUMENTS)):
        dice = Dice(f"document/{index}")
        created, updated = make_times(dice, year)
        status = _status(dice, not dice.chance(0.21))
        file_type = dice.pick(DOCUMENT_TYPES) if status == VERIFIED else dice.pick(DOCUMENT_TYPES + ("xlsx",))
        record = Record(title, theme, make_meta(dice, agency, dice.pick(("Perangkat Daerah", "Kecamatan"))),
                        created, updated, file_type, status, is_public=not dice.chance(PRIVATE_SHARE))
        record.filename = make_filename(record, file_type)
        records.append(record)
    for record in [record for record in records if record.verified and record.file_type == "pdf"][:3]:
        record.content = contents.small_pdf(record.name)
    return records


def _missing_contents() -> list[Record]:
    """Verified CSV records whose file the portal has lost."""
    records = []
    for index, field in enumerate(list(FIELDS)[:CONTENT_MISSING]):
        _, theme, agency = FIELDS[field]
        when = datetime(2024, 3 + index, 11, 2, 30, 15 + index)
        half = "I" * (index % 2 + 1)
        record = Record(f"Rekapitulasi Data Sektoral Urusan {theme} Semester {half} Tahun 2023", theme,
                        make_meta(Dice(f"lost/{index}"), agency, "Kecamatan"), when, when,
                        "csv", kind="missing-content")
        record.filename = make_filename(record, "csv")
        records.append(record)
    return records


def _mark_oddities(records: list[Record]) -> None:
    """What an export shows and an import must bear. Each choice is of records that none had before."""
    dice = Dice("oddities")
    fresh = [record for record in records if record.kind in ("document", "ordinary")]
    dice.shuffle(fresh)
    _mar_titles([fresh.pop() for _ in range(26)])
    _mar_metadata([fresh.pop(_first_verified(fresh)) for _ in range(9)])
    fresh.pop(_first_unverified(fresh)).meta = None
    for text in (" Sudah Verifikasi", "SUDAH VERIFIKASI"):
        fresh.pop(_first_verified(fresh)).status_text = text
    for record in [fresh.pop() for _ in range(2)]:
        record.oddities.add("$numberLong dates")
    for record in [record for record in fresh if record.is_public][:3]:
        record.oddities.add("isPublic as text")
    for index, record in enumerate(records):
        record.oddities |= {"escaped letters"} if index % 7 == 0 else set()
        record.oddities |= {"description with HTML"} if index % 12 == 5 else set()
        record.oddities |= {"kodepemda of its own"} if record.table and index % 5 == 0 else set()
        if record.table and record.table.inline and index % 3 == 0:
            record.oddities.add("tahun as number")


def _first_verified(records: list[Record]) -> int:
    return next(index for index, record in enumerate(records) if record.verified)


def _first_unverified(records: list[Record]) -> int:
    return next(index for index, record in enumerate(records) if not record.verified)


def _mar_titles(records: list[Record]) -> None:
    for index, record in enumerate(records):
        if index < 8:
            record.name = titles.with_double_blank(record.name)
        elif index < 14:
            record.name = titles.with_markup(record.name, index)
        elif index < 17:
            record.name += " "
        else:
            record.name = titles.lengthen(record.name)


def _mar_metadata(records: list[Record]) -> None:
    """Eight with a field or two left out in every way the portal knows, and one without any metadata."""
    marred = ({"produsen": ""}, {"cakupandata": ""}, {"dimensidataset": "   "}, {"frekuensi": None},
              {"produsen": None}, {"frekuensi": "", "dimensidataset": ""})
    for record, change in zip(records, marred):
        record.meta |= change
    del records[4].meta["produsen"], records[3].meta["frekuensi"]
    records[6].theme = None
    records[7].theme = ""
    records[8].meta = None

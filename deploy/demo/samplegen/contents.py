"""CSV files, in the many ways in which agencies' spreadsheets come out."""

import csv
import io
from dataclasses import dataclass, replace

from samplegen.tables import Row, Table
from samplegen.vocabulary import KODEPEMDA

UNIT_SPELLINGS = {"orang": ("orang", "Orang", "org"), "ha": ("ha", "Ha", "hektar"), "persen": ("persen", "%"),
                  "unit": ("unit", "Unit"), "jiwa": ("jiwa", "Jiwa"), "km": ("km", "Km", "kilometer")}


@dataclass(frozen=True)
class Dialect:
    """`columns`: heading -> what stands below: code, text, unit, year, value, number, remark, pemda."""

    columns: dict[str, str]
    delimiter: str = ","
    mark: bool = False  # Byte-order mark.
    line_end: str = "\n"
    encoding: str = "utf-8"
    quote_all: bool = False
    ending: str = "csv"  # Of the file's name; it may lie.
    file_type: str = "csv"


_PLAIN = {"kodeindikator": "code", "uraian": "text", "satuan": "unit", "tahun": "year", "nilai": "value"}
_SPACED = {"No": "number", "Kode Indikator": "code", "Uraian": "text", "Satuan": "unit", "Tahun": "year",
           "Nilai": "value"}
_DSSD = {"KODE DSSD": "code", "Uraian": "text", "Tahun": "year", "data": "value", "Satuan": "unit",
         "Keterangan": "remark"}
_BARE = {"kodeindikator": "code", "tahun": "year", "nilai": "value"}
_OWNED = {"kodepemda": "pemda", **_PLAIN}

EVERYDAY = (
    Dialect(_PLAIN),
    Dialect(_SPACED, ";", mark=True, line_end="\r\n"),
    Dialect(_DSSD, ";", line_end="\r\n"),
    Dialect(_SPACED, mark=True),
    Dialect(_PLAIN, ";"),
    Dialect(_BARE),
    Dialect(_PLAIN, line_end="\r\n", quote_all=True),
    Dialect(_DSSD, mark=True, line_end="\r\n"),
)
SPECIAL = {
    "windows-1252": Dialect(_SPACED, ";", line_end="\r\n", encoding="cp1252"),
    "tab": Dialect(_SPACED, "\t", line_end="\r\n"),
    "named .xls": Dialect(_SPACED, ";", mark=True, line_end="\r\n", ending="xls", file_type="xls"),
    "named .json": Dialect(_PLAIN, ";", mark=True, ending="json"),
    "kodepemda column": Dialect(_OWNED, ";"),
}


def without_values(dialect: Dialect) -> Dialect:
    """The same with the column of values left out."""
    kept = {heading: what for heading, what in dialect.columns.items() if what != "value"}
    return replace(dialect, columns=kept)


def _unit(row: Row, index: int) -> str:
    spellings = UNIT_SPELLINGS.get(row.unit, (row.unit,))
    return spellings[index // 7 % len(spellings)]


def _text(row: Row, index: int, dialect: Dialect) -> str:
    """Labels need quoting now and then: a comma, quotation marks, a line break; and letters beyond ASCII."""
    if dialect.encoding == "cp1252":
        return row.label.replace(" - ", " – ")
    if index % 11 == 3:
        return row.label.replace(" - ", ", ")
    if index == 17:
        return row.label.replace(" - ", ' "') + '"'
    return row.label.replace(" - ", "\n- ") if index == 23 else row.label


def _cell(what: str, row: Row, index: int, value: str, dialect: Dialect) -> str:
    if what == "text":
        return _text(row, index, dialect)
    remark = "Angka sementara" if row.year == "2024" and index % 3 == 0 else ""
    return {"code": row.code, "year": row.year, "value": value, "unit": _unit(row, index),
            "number": str(index + 1), "remark": remark, "pemda": KODEPEMDA}[what]


def write_csv(table: Table, dialect: Dialect) -> bytes:
    out = io.StringIO()
    quoting = csv.QUOTE_ALL if dialect.quote_all else csv.QUOTE_MINIMAL
    writer = csv.writer(out, delimiter=dialect.delimiter, lineterminator=dialect.line_end, quoting=quoting)
    writer.writerow(dialect.columns)
    for index, (row, value) in enumerate(zip(table.rows, table.texts())):
        writer.writerow(_cell(what, row, index, value, dialect) for what in dialect.columns.values())
    return (b"\xef\xbb\xbf" if dialect.mark else b"") + out.getvalue().encode(dialect.encoding)


def small_pdf(title: str) -> bytes:
    """One page with its title: enough for a reader to see that it is a PDF."""
    safe = title.encode("ascii", "ignore").replace(b"(", b"[").replace(b")", b"]")
    stream = b"BT /F1 12 Tf 72 760 Td (" + safe + b") Tj ET"
    objects = (b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
               b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R"
               b"/Resources<</Font<</F1<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>>>>>",
               b"<</Length %d>>\nstream\n%s\nendstream" % (len(stream), stream))
    body, offsets = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        offsets.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    trailer = b"trailer\n<</Size 5/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % len(body)
    return body + b"xref\n0 5\n0000000000 65535 f \n" + table + trailer

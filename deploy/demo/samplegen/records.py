"""One record of the portal's catalogue, and how mongoexport writes it."""

import json
import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from samplegen.dice import Dice
from samplegen.tables import Table

VERIFIED, UNVERIFIED, REFUSED = "Sudah Verifikasi", "Belum Verifikasi", "Ditolak"
COVERAGES = ("Kabupaten", "Kabupaten", "Kecamatan", "Desa/Kelurahan")
FREQUENCIES = ("Tahunan", "Tahunan", "Tahunan", "Semesteran", "Triwulanan", "Bulanan")
# A dataset cannot go to the gateway's default profile without them (and without a name and an id).
REQUIRED = ("temadataset", "produsen", "cakupandata", "frekuensi", "dimensidataset", "filename", "fileType")


@dataclass
class Record:
    """`meta` is None where the portal has no metaData at all. `status` is the meaning, `status_text` how
    it is written if not so. `content` is what lies in the content folder as `filename`, None if nothing."""

    name: str
    theme: str | None
    meta: dict | None
    created: datetime
    updated: datetime
    file_type: str
    status: str = VERIFIED
    status_text: str = ""
    is_public: bool = True
    table: Table | None = None
    content: bytes | None = None
    kind: str = "document"
    object_id: str = ""
    filename: str = ""
    oddities: set[str] = field(default_factory=set)

    @property
    def verified(self) -> bool:
        return self.status == VERIFIED

    def missing_fields(self) -> list[str]:
        meta = self.meta or {}
        held = {"temadataset": self.theme, "filename": self.filename, "fileType": self.file_type, **meta}
        return [name for name in REQUIRED if not (held.get(name) or "").strip()]


def make_times(dice: Dice, year: int) -> tuple[datetime, datetime]:
    """Entered in the year after the data's own, changed within some weeks."""
    created = datetime(year + 1, 1, 20) + timedelta(days=dice.below(230), milliseconds=dice.below(36_000_000))
    return created, created + timedelta(days=dice.below(60), milliseconds=dice.below(36_000_000))


def make_meta(dice: Dice, producer: str, dimension: str) -> dict:
    return {"produsen": producer, "cakupandata": dice.pick(COVERAGES), "frekuensi": dice.pick(FREQUENCIES),
            "dimensidataset": dimension}


def make_filename(record: Record, ending: str) -> str:
    words = re.sub(r"[^a-z0-9]+", "-", record.name.lower()).strip("-")[:48].strip("-")
    stamp = int((record.created - datetime(1970, 1, 1)).total_seconds() * 1000)
    return f"{stamp}-{words}.{ending}"


def name_record(record: Record, number: int) -> None:
    """An ObjectId: seconds, five bytes of the machine, a counter."""
    seconds = int((record.created - datetime(1970, 1, 1)).total_seconds())
    record.object_id = f"{seconds:08x}9f3ac417e2{0x5b0a10 + 3 * number:06x}"


def _date(moment: datetime, canonical: bool) -> dict:
    if canonical:
        millis = int((moment - datetime(1970, 1, 1)).total_seconds() * 1000)
        return {"$date": {"$numberLong": str(millis)}}
    return {"$date": moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03}Z"}


def _number(text: str) -> int | float:
    return float(text) if "." in text else int(text)


def _inline_values(table: Table, years_as_numbers: bool) -> list[dict]:
    values = []
    for index, (row, text) in enumerate(zip(table.rows, table.texts())):
        styled = table.style == "json" or (table.style == "json-mixed" and index % 2 == 1)
        as_number = styled and row.literal is None
        number = _number(text.replace(",", ".")) if as_number else text
        year = int(row.year) if years_as_numbers and row.year.isdigit() else row.year
        values.append({"kodeindikator": row.code, "tahun": year, "nilai": number})
    return values


def to_line(record: Record) -> str:
    """One line of `mongoexport`, relaxed JSON but for the oddities."""
    odd = record.oddities
    document = {"_id": {"$oid": record.object_id}, "name": record.name}
    if record.theme is not None:
        document["temadataset"] = record.theme
    if record.meta is not None:
        long_dates = "$numberLong dates" in odd
        document["metaData"] = {**record.meta, "createdAt": _date(record.created, long_dates),
                                "updatedAt": _date(record.updated, long_dates)}
    document |= {"filename": record.filename, "fileType": record.file_type,
                 "isPublic": "true" if "isPublic as text" in odd else record.is_public,
                 "StatusVerifikasi": record.status_text or record.status}
    if "kodepemda of its own" in odd:
        document["kodepemda"] = "9901"
    if record.table is not None and record.table.inline:
        document["indicatorValues"] = _inline_values(record.table, "tahun as number" in odd)
    if "description with HTML" in odd:
        document["deskripsi"] = "<p>Sumber: <i>laporan rutin</i> perangkat daerah &amp; hasil verifikasi.</p>"
    document["__v"] = 0
    return json.dumps(document, ensure_ascii="escaped letters" in odd, separators=(",", ":"))

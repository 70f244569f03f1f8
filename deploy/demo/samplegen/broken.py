"""Lines that an import must refuse, each alone."""

from samplegen.records import Record, to_line

# Line in the file, from 1 -> (what is wrong, the reason of the refusal).
PLACES = {
    37: ("no _id", "ID_MISSING"),
    101: ("an array", "LINE_NOT_OBJECT"),
    178: ("cut off half-way", "LINE_NOT_JSON"),
    251: ("StatusVerifikasi \"Sudah verif\"", "VERIFICATION_UNKNOWN"),
    333: ("a number", "LINE_NOT_OBJECT"),
    409: ("StatusVerifikasi \"Terverifikasi\"", "VERIFICATION_UNKNOWN"),
}


def _broken(line: str, place: int) -> str:
    """What has become of a good line."""
    if place == 37:
        return "{" + line.partition("},")[2]
    if place == 178:
        return line[:len(line) // 2]
    if place in (101, 333):
        return '["Data ganda","9901",2024]' if place == 101 else "20241231"
    return line.replace("Belum Verifikasi", "Sudah verif" if place == 251 else "Terverifikasi")


def catalog_lines(records: list[Record]) -> list[str]:
    """The export: all records, and the broken lines in their places."""
    lines = [to_line(record) for record in records]
    base = next(record for record in records if record.status == "Belum Verifikasi" and not record.table)
    for index, place in enumerate(PLACES):
        lost = to_line(base).replace(base.object_id, f"{base.object_id[:18]}{0xd00001 + index:06x}")
        lines.insert(place - 1, _broken(lost, place))
    return lines

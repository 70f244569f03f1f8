"""What a first synchronisation of the sample must come to. Derived from how the sample was made, not by
reading it back: a test that agrees has read the files as they were meant."""

from collections import Counter

from samplegen import broken
from samplegen.indicators import Group
from samplegen.records import Record
from samplegen.tables import Row
from samplegen.targets import Held
from samplegen.vocabulary import KODEPEMDA

# Trap of a value -> why its record is refused before anything is sent.
REJECTIONS = {"invalid": "NUMBER_INVALID", "ambiguous": "NUMBER_AMBIGUOUS", "year": "YEAR_INVALID",
              "malformed": "INDICATOR_CODE_INVALID", "unknown": "INDICATOR_UNKNOWN",
              "disabled": "INDICATOR_DISABLED", "contradict": "VALUES_CONTRADICT"}
# Trap -> the finding; such a value makes no record.
FINDINGS = {"absent": "VALUE_ABSENT", "local": "INDICATOR_CODE_LOCAL", "duplicate": "DUPLICATE_VALUE"}
FILE_REASONS = {"missing-content": "CONTENT_MISSING", "missing-column": "COLUMN_MISSING"}


def readable_rows(record: Record) -> list[Row]:
    return record.table.rows if record.table and record.kind != "missing-column" else []


def record_state(row: Row, held: Held) -> tuple[str, str]:
    """(state, reason); an empty state for a value that makes no record."""
    if row.trap in FINDINGS:
        return "", FINDINGS[row.trap]
    if row.trap in REJECTIONS:
        return "REJECTED", REJECTIONS[row.trap]
    if row.key in held.untouchable:
        return "REJECTED", "TARGET_VALUE_FINAL"
    return ("UNCHANGED", "") if row.key in held.equal else ("CONFIRMED", "")


def delivery_state(record: Record, held: Held) -> tuple[str, str]:
    """A verified file's delivery to SIPD."""
    if record.kind in FILE_REASONS:
        return "REJECTED", FILE_REASONS[record.kind]
    states = {record_state(row, held)[0] for row in readable_rows(record)} - {""}
    if not states:
        return "SKIPPED", "NO_INDICATOR_VALUES"
    if len(states) == 1:
        return states.pop(), ""
    return ("PARTIAL" if "REJECTED" in states else "CONFIRMED"), ""


def _count(items) -> dict:
    return dict(sorted(Counter(items).items()))


def _catalogue(records: list[Record], lines: int) -> dict:
    return {
        "lines": lines,
        "importable": len(records),
        "refused_lines": [{"line": line, "what": what, "reason": reason}
                          for line, (what, reason) in broken.PLACES.items()],
        "by_verification": _count(record.status for record in records),
        "verified": sum(record.verified for record in records),
        "by_file_type": _count(record.file_type for record in records),
        "private": sum(not record.is_public for record in records),
        "private_verified": sum(not record.is_public and record.verified for record in records),
        "content_files": sum(record.content is not None for record in records),
        "files_with_inline_values": sum(bool(record.table and record.table.inline) for record in records),
    }


def _values(records: list[Record]) -> dict:
    pairs = [(record, row) for record in records for row in readable_rows(record)]
    verified = [row for record, row in pairs if record.verified]
    return {
        "total": len(pairs),
        "in_csv": sum(not record.table.inline for record, _ in pairs),
        "inline": sum(record.table.inline for record, _ in pairs),
        "in_verified_files": len(verified),
        "in_unverified_files": len(pairs) - len(verified),
        "by_year": _count(row.year for _, row in pairs if len(row.year) == 4 and row.year.isdigit()),
        "findings_in_verified_files": _count(FINDINGS[row.trap] for row in verified if row.trap in FINDINGS),
    }


def _splp(verified: list[Record], held: Held) -> dict:
    lacking = [record for record in verified if record.missing_fields()]
    return {
        "deliveries": len(verified),
        "states": {"CONFIRMED": len(verified) - len(lacking), "REJECTED": len(lacking)},
        "held_equal": sorted(key for key, equal in held.datasets.items() if equal),
        "held_older": sorted(key for key, equal in held.datasets.items() if not equal),
        "rejected": [{"file_id": record.object_id, "reason": "METADATA_MISSING",
                      "fields": record.missing_fields()} for record in lacking],
    }


def _sipd(verified: list[Record], held: Held) -> dict:
    rows = [(record, row) for record in verified for row in readable_rows(record)]
    judged = [(record, row, *record_state(row, held)) for record, row in rows]
    good = {row.key: row.canonical for _, row, state, _ in judged if state in ("CONFIRMED", "UNCHANGED")}
    rejected = [(record, row, reason) for record, row, state, reason in judged if state == "REJECTED"]
    outcomes = [(record, *delivery_state(record, held)) for record in verified]
    return {
        "deliveries": len(verified),
        "delivery_states": _count(state for _, state, _ in outcomes),
        "delivery_reasons": _count(reason for _, _, reason in outcomes if reason),
        "records": sum(state != "" for _, _, state, _ in judged),
        "rejected_records": _count(reason for _, _, reason in rejected),
        "keys": {"held_after": len(good),
                 "unchanged": len(held.equal),
                 "unchanged_final": len(held.equal_final),
                 "replaced": len(held.different),
                 "created": len(good.keys() - held.equal - held.different),
                 "pushed": len(good) - len(held.equal),
                 "same_in_two_files": sum(row.trap == "same" for _, row in rows) // 2,
                 "contradicted": sum(row.trap == "contradict" for _, row in rows) // 2},
        "rejected": [{"file_id": record.object_id, "kodeindikator": row.code, "tahun": row.year,
                      "reason": reason} for record, row, reason in rejected],
        "values": dict(sorted(good.items())),
    }


def _never_sent(records: list[Record], verified: list[Record]) -> list[str]:
    """Keys that only unverified files have."""
    ours = {row.key for record in verified for row in readable_rows(record)}
    theirs = {row.key for record in records if not record.verified for row in readable_rows(record)}
    return sorted(theirs - ours)


def expectation(records: list[Record], lines: int, groups: list[Group], held: Held) -> dict:
    verified = [record for record in records if record.verified]
    members = [member for group in groups for member in group.members]
    return {
        "kodepemda": KODEPEMDA,
        "catalogue": _catalogue(records, lines),
        "values": _values(records),
        "reference": {"indicators": len(members), "disabled": sum(not member.active for member in members)},
        "splp": _splp(verified, held),
        "sipd": _sipd(verified, held),
        "keys_of_unverified_files_only": _never_sent(records, verified),
    }

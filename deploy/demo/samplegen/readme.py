"""The page that says what is in the sample, with the counts of this very sample."""

from samplegen.contents import SPECIAL
from samplegen.expected import readable_rows
from samplegen.records import Record
from samplegen.targets import Held
from samplegen.vocabulary import KODEPEMDA, REGION

REFUSED_VALUES = {
    "INDICATOR_CODE_INVALID": "Malformed codes",
    "INDICATOR_DISABLED": "Indicators that SIPD has disabled",
    "INDICATOR_UNKNOWN": "Codes that SIPD does not know",
    "NUMBER_INVALID": "No numbers (`12 orang`)",
    "NUMBER_AMBIGUOUS": "Numbers with two readings (`54,852`, `1.234`)",
    "YEAR_INVALID": "No years",
}


def _table(heading: tuple[str, ...], rows: list[tuple]) -> str:
    lines = [heading, ("---",) * len(heading), *rows]
    return "\n".join("| " + " | ".join(str(cell) for cell in line) + " |" for line in lines) + "\n"


def _kinds(records: list[Record], kind: str) -> int:
    return sum(record.kind == kind for record in records)


def _files(records: list[Record], counts: dict) -> str:
    documents = [record for record in records if record.table is None and record.kind == "document"]
    verified = sum(record.verified for record in documents)
    states, splp = counts["sipd"]["delivery_states"], counts["splp"]["states"]
    return _table(("Files", "Count", "Ends in"), [
        ("Lines that cannot be imported", len(counts["catalogue"]["refused_lines"]),
         "refused by the import, each with its line and reason"),
        ("Not verified (\"Belum Verifikasi\", \"Ditolak\")",
         counts["catalogue"]["importable"] - counts["catalogue"]["verified"],
         "imported, never sent; `FileSkipped` in a SyncAll"),
        ("Verified, all that SPLP requires", splp["CONFIRMED"],
         f"SPLP: CONFIRMED; {len(counts['splp']['held_equal'])} are there already and equal, "
         f"{len(counts['splp']['held_older'])} with an older name"),
        ("Verified, metadata missing", splp["REJECTED"],
         "SPLP: REJECTED, METADATA_MISSING; SIPD: as any other"),
        ("Verified documents without indicator values", verified, "SIPD: SKIPPED, NO_INDICATOR_VALUES"),
        ("Verified, every value new, replaced or the same", states["CONFIRMED"], "SIPD: CONFIRMED"),
        ("Verified, SIPD holds every value", states["UNCHANGED"], "SIPD: UNCHANGED"),
        ("Verified, good and refused values", states["PARTIAL"], "SIPD: PARTIAL"),
        ("Verified CSV whose file is lost", _kinds(records, "missing-content"),
         "SIPD: REJECTED, CONTENT_MISSING; SPLP: CONFIRMED"),
        ("Verified CSV without a column of values", _kinds(records, "missing-column"),
         "SIPD: REJECTED, COLUMN_MISSING; SPLP: CONFIRMED"),
        ("Inline values beside a file with older ones", _kinds(records, "inline-wins"),
         "SIPD gets the inline values"),
        ("Unverified draft of a verified table", _kinds(records, "revision"),
         "not sent, and no contradiction either"),
    ])


def _held_rows(held: Held) -> list[tuple]:
    equal_open = len(held.equal) - len(held.equal_final)
    return [
        ("SIPD holds the same value", equal_open, "UNCHANGED, nothing is sent"),
        ("SIPD holds the same value, final", len(held.equal_final), "UNCHANGED, nothing is sent"),
        ("SIPD holds another value, not final", len(held.different), "CONFIRMED, replaced"),
        ("SIPD holds another value, final or verified by pembina", len(held.untouchable),
         "REJECTED, TARGET_VALUE_FINAL"),
    ]


def _values(counts: dict, held: Held) -> str:
    sipd, findings = counts["sipd"], counts["values"]["findings_in_verified_files"]
    keys = sipd["keys"]
    rows = [("New to SIPD (keys)", keys["created"], "CONFIRMED"), *_held_rows(held),
            ("The same value in two files (keys)", keys["same_in_two_files"], "sent once, good in both"),
            ("Different values in two files (keys)", keys["contradicted"],
             "both REJECTED, VALUES_CONTRADICT, neither is sent")]
    refused = {reason: count for reason, count in sipd["rejected_records"].items()
               if reason not in ("VALUES_CONTRADICT", "TARGET_VALUE_FINAL")}
    rows += [(REFUSED_VALUES[reason], count, f"REJECTED, {reason}") for reason, count in refused.items()]
    rows += [("Nothing-here markers (empty, `-`, `***`, `n/a`, …)", findings["VALUE_ABSENT"],
              "a finding, VALUE_ABSENT; no record"),
             ("The region's own codes", findings["INDICATOR_CODE_LOCAL"],
              "a finding, INDICATOR_CODE_LOCAL; no record"),
             ("One key twice in one file, same value", findings["DUPLICATE_VALUE"],
              "sent once; the second is a finding, DUPLICATE_VALUE")]
    return _table(("Values in verified files", "Count", "Ends in"), rows)


def _style_count(records: list[Record], *styles: str) -> int:
    return sum(bool(readable_rows(record)) and record.table.style in styles for record in records)


def _heading(counts: dict, held: Held) -> str:
    catalogue, values, reference = counts["catalogue"], counts["values"], counts["reference"]
    return f"""# Sample catalogue: {REGION} ({KODEPEMDA})

A made-up regency with made-up figures; its indicator codes have the national form but not the national
meaning. `python3 deploy/demo/make_sample.py` makes all of this, always the same bytes; `--check` compares.

- `catalog.jsonl`: the portal's export, {catalogue["lines"]} lines, {catalogue["importable"]} of them good
  ({catalogue["verified"]} verified, {catalogue["private"]} private).
- `content/`: {catalogue["content_files"]} files for `CONTENT_DIR`. Most documents are not shipped: a target
  that takes metadata, and a type of file that carries no values, do not need them.
- `targets.json`: what the simulated targets hold beforehand: {reference["indicators"]} indicators
  ({reference["disabled"]} disabled), {len(held.rows)} values, {len(held.dataset_rows)} datasets.
- `expected.json`: what a first synchronisation with `SIPD_KODEPEMDA={KODEPEMDA}` must come to: counts, every
  key with the value that SIPD holds afterwards, every refusal, and the keys that must never arrive.

There are {values["total"]} indicator values, {values["in_csv"]} in CSV files and {values["inline"]} inline;
{values["in_unverified_files"]} of them are in unverified files.
"""


def _forms(records: list[Record]) -> str:
    grouped, plain = _style_count(records, "id"), _style_count(records, "id-plain")
    english, numbers = _style_count(records, "en"), _style_count(records, "json", "json-mixed")
    return f"""CSV comes with comma or semicolon, LF or CRLF, with and without a byte-order mark, and headings
`kodeindikator`/`Kode Indikator`/`KODE DSSD`, `tahun`/`Tahun`, `nilai`/`Nilai`/`data`; one each:
{", ".join(SPECIAL)}.

- {grouped} tables group thousands with dots where the column shows what they mean, {plain} never group,
  {english} is in English format; {numbers} inline ones carry JSON numbers.
- Odd records that are kept: titles with double blanks or HTML, `metaData` missing, `isPublic` as text,
  `tahun` as a number, dates as `$numberLong`, blanks and capitals in `StatusVerifikasi`.
"""


def page(records: list[Record], held: Held, counts: dict) -> str:
    parts = (_heading(counts, held), _files(records, counts), _values(counts, held), _forms(records))
    return "\n".join(parts)

"""What the simulated national systems hold before the region sends anything."""

from dataclasses import dataclass, field
from decimal import Decimal

from samplegen.dice import Dice
from samplegen.figures import canonical, other_figure
from samplegen.indicators import Group, reference_rows
from samplegen.records import Record
from samplegen.tables import Row, Table
from samplegen.vocabulary import KODEPEMDA

WHOLE_TABLES = 4
EQUAL, DIFFERENT, DIFFERENT_FINAL, DIFFERENT_REVIEWED = 120, 60, 25, 4
EQUAL_FINAL = 20
DATASETS = 10


@dataclass
class Held:
    """Keys of our own catalogue that SIPD holds, by what it holds; `datasets` by id, True where equal."""

    rows: list[dict] = field(default_factory=list)
    equal: set[str] = field(default_factory=set)
    equal_final: set[str] = field(default_factory=set)
    different: set[str] = field(default_factory=set)
    untouchable: set[str] = field(default_factory=set)
    datasets: dict[str, bool] = field(default_factory=dict)
    dataset_rows: list[dict] = field(default_factory=list)


def hold(records: list[Record]) -> Held:
    held, dice = Held(), Dice("targets")
    tables = [record.table for record in records if record.table and record.verified
              and record.kind == "ordinary" and not record.table.traps and len(record.table.rows) > 20]
    dice.shuffle(tables)
    whole, others = tables[:WHOLE_TABLES], tables[WHOLE_TABLES:]
    equal = [row for table in whole for row in table.clean_rows()] + _some(dice, others[:12], EQUAL)
    for index, row in enumerate(equal):
        _add(held, held.equal, row, row.value, final=index < EQUAL_FINAL)
    held.equal_final = {row.key for row in equal[:EQUAL_FINAL]}
    for row in _some(dice, others[12:26], DIFFERENT):
        _add(held, held.different, row, other_figure(row.value), walidata=dice.chance(0.5))
    for row in _some(dice, others[26:31], DIFFERENT_FINAL):
        _add(held, held.untouchable, row, other_figure(row.value), final=True, pembina=dice.chance(0.6))
    for row in _some(dice, others[31:33], DIFFERENT_REVIEWED):
        _add(held, held.untouchable, row, other_figure(row.value), pembina=True)
    _hold_datasets(held, records)
    return held


def _some(dice: Dice, tables: list[Table], count: int) -> list[Row]:
    return dice.take([row for table in tables for row in table.clean_rows()], count)


def _add(held: Held, kind: set[str], row: Row, value: Decimal, final: bool = False, walidata: bool = True,
         pembina: bool | None = None) -> None:
    kind.add(row.key)
    held.rows.append({"kodeindikator": row.code, "kodepemda": KODEPEMDA, "tahun": row.year,
                      "data": canonical(value), "final": final, "walidata": walidata,
                      "pembina": final if pembina is None else pembina})


def flat_dataset(record: Record) -> dict:
    """A dataset as it is posted to the gateway's default profile."""
    return {"dataset_id": record.object_id, "dataset_name": record.name, "theme": record.theme,
            "producer": record.meta["produsen"], "coverage": record.meta["cakupandata"],
            "frequency": record.meta["frekuensi"], "dimension": record.meta["dimensidataset"],
            "file_name": record.filename, "file_type": record.file_type, "is_public": record.is_public,
            "verification_status": record.status,
            "created_at": record.created.strftime("%Y-%m-%dT%H:%M:%SZ"),
            "updated_at": record.updated.strftime("%Y-%m-%dT%H:%M:%SZ")}


def _is_plain(record: Record) -> bool:
    odd_name = any(sign in record.name for sign in ("  ", "<", "&")) or record.name != record.name.strip()
    odd = odd_name or record.status_text or "isPublic as text" in record.oddities
    return record.verified and record.is_public and not odd and not record.missing_fields()


def _hold_datasets(held: Held, records: list[Record]) -> None:
    plain = [record for record in records if _is_plain(record)]
    for index, record in enumerate(Dice("datasets").take(plain, DATASETS)):
        row, equal = flat_dataset(record), index % 2 == 0
        row["dataset_name"] += "" if equal else " (Sementara)"
        held.datasets[record.object_id] = equal
        held.dataset_rows.append(row)


def state(groups: list[Group], held: Held) -> dict:
    return {"reference": reference_rows(groups), "values": held.rows, "datasets": held.dataset_rows}

"""The reference list that the simulated SIPD holds, made from the vocabulary."""

from dataclasses import dataclass

from samplegen.dice import Dice
from samplegen.vocabulary import BREAKDOWNS, FIELDS, INDICATORS

DISABLED_SHARE = 0.1


@dataclass(frozen=True)
class Indicator:
    code: str
    text: str
    unit: str
    size: str
    active: bool


@dataclass(frozen=True)
class Group:
    """The indicators of one line of the vocabulary: a text and its breakdown."""

    field: str
    text: str
    breakdown: str
    members: tuple[Indicator, ...]

    @property
    def active(self) -> list[Indicator]:
        return [member for member in self.members if member.active]


def _group(field: str, line: str, first: int, dice: Dice) -> tuple[Group, int]:
    text, unit, size, breakdown = (part.strip() for part in line.split("|"))
    members, number = [], first
    for item in BREAKDOWNS[breakdown][1].split(";"):
        number += dice.between(1, 4)
        active = not dice.chance(DISABLED_SHARE)
        members.append(Indicator(f"{field}.{number:06}", f"{text} - {item}", unit, size, active))
    return Group(field, text, breakdown, tuple(members)), number


def make_groups() -> list[Group]:
    groups = []
    for field, lines in INDICATORS.items():
        dice, number = Dice("indicators/" + field), 0
        for line in lines.strip().splitlines():
            group, number = _group(field, line, number, dice)
            groups.append(group)
    return groups


def field_title(field: str) -> str:
    return f"{field} - URUSAN PEMERINTAHAN BIDANG {FIELDS[field][0]}" if field[0] != "5" else (
        f"{field} - {FIELDS[field][0]}")


def reference_rows(groups: list[Group]) -> list[dict]:
    return [{"kodeindikator": member.code, "uraian_indikator": member.text, "satuan": member.unit,
             "bidangurusan": field_title(group.field), "status": "AKTIF" if member.active else "DISABLED"}
            for group in groups for member in group.members]

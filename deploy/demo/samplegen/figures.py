"""Figures: how large they are, how agencies write them, and what a careful reader makes of the text."""

import re
from decimal import Decimal

from samplegen.dice import Dice

# Size -> (lowest, highest, digits after the point).
SIZES = {
    "few": (0, 45, 0), "some": (12, 950, 0), "hundreds": (150, 9_000, 0), "thousands": (1_200, 96_000, 0),
    "millions": (110_000, 8_900_000, 0), "rupiah": (1_200_000_000, 640_000_000_000, 0),
    "percent": (31, 99, 2), "rate": (1, 24, 2), "ratio": (5, 290, 1), "area": (15, 14_000, 2),
    "growth": (-2, 4, 2),
}
ABSENT_MARKERS = ("", "-", "*", "**", "***", "n/a", "N/A", "NULL", "Tidak dipublikasikan")
NO_NUMBERS = ("12 orang", "sekitar 40", "±150", "1.2.3", "10-15", "2,5 juta", "tiga puluh", "1..200")


def figure(code: str, size: str, year: int) -> Decimal:
    """The true value of an indicator in a year: a level of its own and a mild trend."""
    low, high, digits = SIZES[size]
    level = low + (high - low) * Dice(code).share() ** 2
    drift = 1 + (year - 2021) * 0.02 + (Dice(f"{code}/{year}").share() - 0.5) * 0.04
    drawn = Decimal(repr(level * drift)).quantize(Decimal(1).scaleb(-digits))
    return min(drawn, Decimal("99.97")) if size == "percent" else drawn


def other_figure(value: Decimal) -> Decimal:
    """A different one of the same digits: what an older or a mistaken report would say."""
    step = Decimal(1).scaleb(value.as_tuple().exponent)
    apart = (abs(value) * Decimal("0.07")).quantize(step) + 3 * step
    return value - apart if value > 10 * apart else value + apart


def canonical(value: Decimal) -> str:
    text = f"{value:f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text in ("-0", "") else text


def write(value: Decimal, style: str) -> str:
    """Styles: `id` 1.234,50; `id-plain` 1234,50; `en` 1,234.50; `en-plain` 1234.50."""
    english = f"{value:f}" if style.endswith("-plain") else f"{value:,f}"
    return english if style.startswith("en") else english.translate(str.maketrans(",.", ".,"))


def is_ambiguous(text: str) -> bool:
    return re.fullmatch(r"-?\d{1,3}[.,]\d{3}", text) is not None


def settles(text: str, style: str) -> bool:
    """Whether this cell alone shows how its column writes numbers."""
    point, group = (",", ".") if style.startswith("id") else (".", ",")
    point, group = re.escape(point), re.escape(group)
    whole = rf"-?(\d+|\d{{1,3}}({group}\d{{3}})+)"
    shown = rf"{whole}{point}(\d{{1,2}}|\d{{4,}})|-?\d{{1,3}}({group}\d{{3}}){{2,}}({point}\d+)?"
    return re.fullmatch(shown, text) is not None


def write_column(values: list[Decimal], style: str) -> list[str]:
    """All in one style; grouping is left out where the column would not show what its dots mean."""
    texts = [write(value, style) for value in values]
    if any(map(is_ambiguous, texts)) and not any(settles(text, style) for text in texts):
        return [write(value, style.removesuffix("-plain") + "-plain") for value in values]
    return texts

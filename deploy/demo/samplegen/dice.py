"""Chance that is the same everywhere: only Random.random() is promised to stay alike between Pythons."""

import random
from typing import MutableSequence, Sequence, TypeVar

T = TypeVar("T")


class Dice:
    """A named stream of chance. Streams of different names do not disturb each other."""

    def __init__(self, name: str):
        self._random = random.Random("sample-1/" + name)

    def share(self) -> float:
        return self._random.random()

    def below(self, count: int) -> int:
        return int(self._random.random() * count)

    def between(self, low: int, high: int) -> int:
        """Both ends included."""
        return low + self.below(high - low + 1)

    def chance(self, share: float) -> bool:
        return self._random.random() < share

    def pick(self, items: Sequence[T]) -> T:
        return items[self.below(len(items))]

    def hex(self, digits: int) -> str:
        return "".join("0123456789abcdef"[self.below(16)] for _ in range(digits))

    def shuffle(self, items: MutableSequence[T]) -> None:
        for last in range(len(items) - 1, 0, -1):
            other = self.below(last + 1)
            items[last], items[other] = items[other], items[last]

    def take(self, items: Sequence[T], count: int) -> list[T]:
        """`count` different ones of `items`, in chance order."""
        copy = list(items)
        self.shuffle(copy)
        return copy[:count]

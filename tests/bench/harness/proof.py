"""Holds what the service claims against what the simulated targets really hold."""

import collections
import dataclasses
import decimal

GOOD = ("STATE_CONFIRMED", "STATE_UNCHANGED")


@dataclasses.dataclass
class Proof:
    """Records, by what is wrong with them. `open` are those that the service itself calls open."""

    lost: list = dataclasses.field(default_factory=list)
    false: list = dataclasses.field(default_factory=list)
    needless: list = dataclasses.field(default_factory=list)
    states: collections.Counter = dataclasses.field(default_factory=collections.Counter)

    @property
    def count(self):
        return len(self.lost) + len(self.false) + len(self.needless)

    def text(self):
        states = ", ".join(f"{number} {state.removeprefix('STATE_')}" for state, number in sorted(self.states.items()))
        examples = "; ".join([*self.lost[:2], *self.false[:2], *self.needless[:2]])
        summary = f"{len(self.lost)} lost, {len(self.false)} false, {len(self.needless)} needless; {states}"
        return f"{summary}; {examples}" if examples else summary


def is_same(left, right):
    try:
        return decimal.Decimal(left) == decimal.Decimal(right)
    except (decimal.InvalidOperation, TypeError):
        return False


def is_held(target, record, truth):
    held = truth[target].get(record["key"])
    if held is None or not held["held"]:
        return False
    return target == "splp" or is_same(record["value"], held["value"])


def prove(claims, truth, files, targets):
    """`claims`: a line per delivery with its records, later ones of the same file last. `files`: ids that must have
    an outcome at each of `targets`."""
    proof = Proof()
    newest = {(claim["target"], claim["file"]): claim for claim in claims}
    for target in targets:
        for file in files:
            claim = newest.get((target, file))
            if claim is None:
                proof.lost.append(f"{target} {file} has no outcome")
                continue
            proof.states[claim["state"]] += 1
            for record in claim["records"]:
                if record["state"] in GOOD and not is_held(target, record, truth):
                    proof.false.append(f"{target} {record['key']} is called {record['state']} and not held")
        for key, record in truth[target].items():
            if record["needless_second_effects"]:
                proof.needless.append(f"{target} {key}: {record['needless_second_effects']} needless effects")
    return proof

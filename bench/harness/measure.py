"""One row: check that all answers agree, then measure in alternation."""

import math
import shlex
import string
from dataclasses import dataclass, field
from statistics import median
from typing import Callable, Optional

from harness import process
from harness.data import Dataset
from harness.tools import Missing

SHORT_RUNS, LONG_RUNS = 7, 3
LONG_SECONDS = 5


class Disagreement(Exception):
    """Two contenders gave different answers: the benchmark has failed."""


@dataclass(frozen=True)
class Contender:
    """Somebody who does a row's work.

    command: its words, separated as in a shell; those in braces are tools of Tools, the row's {data}, or {bench}.
    answer: from what it prints to what all have to agree on; None for one that does no such work.
    """

    name: str
    command: str
    answer: Optional[Callable[[str], object]] = str.strip


@dataclass(frozen=True)
class Target:
    """value: from the medians, by contender and figure, to what is compared with the limit; raises KeyError when
    somebody is missing."""

    text: str
    limit: float
    value: Callable[["Medians"], float]
    at_least: bool = False

    def is_hit(self, value):
        return value >= self.limit if self.at_least else value <= self.limit


@dataclass(frozen=True)
class Row:
    number: int
    title: str
    data: Optional[Dataset]
    contenders: list
    targets: list
    note: str = ""


@dataclass
class Result:
    """figures: of each contender and figure, the values of all its runs. missing: why a contender has none."""

    figures: dict = field(default_factory=dict)
    missing: dict = field(default_factory=dict)

    def median(self, contender, figure="wall"):
        return median(self.figures[contender][figure])


def at_most(limit, ours, than, words):
    return Target(f"at most {limit} x {words}", limit, lambda result: result.median(ours) / result.median(than))


def words(command, names):
    """A command's words, with what stands in braces filled in."""
    return [word.format_map(names) for word in shlex.split(command)]


def placeholders(command):
    return [name for _, name, _, _ in string.Formatter().parse(command) if name]


def agree(left, right):
    """Equal; floating-point numbers to 12 digits."""
    if isinstance(left, float) and isinstance(right, float):
        return math.isclose(left, right, rel_tol=1e-12)
    if isinstance(left, (list, tuple)) and isinstance(right, (list, tuple)):
        return len(left) == len(right) and all(map(agree, left, right))
    return left == right


def measure(row, names, runs=None):
    """The row's result. names: from placeholders to what they stand for, raising Missing for what is not here."""
    result = Result()
    present = {}
    for contender in row.contenders:
        try:
            present[contender] = words(contender.command, {n: names(n) for n in placeholders(contender.command)})
        except Missing as missing:
            result.missing[contender.name] = str(missing)
            print(f"   without {contender.name}: {missing}", flush=True)

    rounds = {}
    reference = None
    for contender, command in present.items():
        outcome = process.run(command)  # warms up, too
        rounds[contender] = runs or (LONG_RUNS if outcome.wall > LONG_SECONDS else SHORT_RUNS)
        print(f"   {contender.name}: {outcome.wall:.3f} s, then {rounds[contender]} runs", flush=True)
        if contender.answer:
            answer = contender.answer(outcome.output)
            if reference is None:
                reference = contender, answer
            elif not agree(reference[1], answer):
                raise Disagreement(
                    f"row {row.number}: {contender.name} answers {str(answer)[:300]}, "
                    f"{reference[0].name} answers {str(reference[1])[:300]}"
                )
        result.figures[contender.name] = {"wall": [], "cpu": []}

    for number in range(max(rounds.values())):
        for contender, command in present.items():
            if number < rounds[contender]:
                outcome = process.run(command)
                result.figures[contender.name]["wall"].append(outcome.wall)
                result.figures[contender.name]["cpu"].append(outcome.cpu)
    return result

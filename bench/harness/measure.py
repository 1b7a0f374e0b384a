"""One row: check that all answers agree, then measure in alternation."""

import math
import os
import shlex
import string
import tempfile
import time
from contextlib import nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Callable, Optional

from harness import process
from harness.data import Dataset, resident
from harness.resident import staying
from harness.tools import Missing

SHORT_RUNS, LONG_RUNS = 7, 3
LONG_SECONDS = 5
EVICTIONS = 50

SECONDS, CPU_SECONDS, OWN_MIB = "s", "CPU s", "MiB"


class Disagreement(Exception):
    """Two contenders gave different answers: the benchmark has failed."""


@dataclass(frozen=True)
class Setting:
    """What commands are filled in from, and where they may write.

    names: from what stands in braces to a path or a list of words; raises Missing for what is not here.
    """

    names: Callable[[str], object]
    scratch: Path

    def words(self, command):
        """A command's words, separated as in a shell. A list that stands alone for a word becomes several."""
        filled = []
        for word in shlex.split(command):
            fields = {name: self.names(name) for name in placeholders(word)}
            alone = fields.get(word[1:-1])
            filled += alone if isinstance(alone, list) else [word.format(**fields)]
        return filled


@dataclass(frozen=True)
class Scaled:
    """{scaled:1000} in a command is 1000 at full size."""

    scale: float

    def __format__(self, number):
        return str(max(1, int(int(number) * self.scale)))


def placeholders(command):
    return [name for _, name, _, _ in string.Formatter().parse(command) if name]


def timed(words, setting):
    """The whole process, from start to exit: (figures, what it printed)."""
    outcome = process.run(words, folder=setting.scratch)
    return {SECONDS: outcome.wall, CPU_SECONDS: outcome.cpu}, outcome.output


def own_figures(words, setting):
    """Lines of a unit, a tab and a number, that the program measured itself and inside a warm process."""
    output = process.run(words, folder=setting.scratch).output
    return {unit: float(number) for unit, number in (line.split("\t") for line in output.splitlines())}, output


@dataclass(frozen=True)
class Contender:
    """Somebody who does a row's work.

    command: in braces are tools of Tools, datasets, {data} for the row's first, {scratch} for a folder to write in.
    answer: from what it prints to what all have to agree on; None for one that checks itself, or gives none.
    then: a command whose output is looked at instead.
    run: how it is measured.
    foreign: whether it is code that is not here, and so ruled out, not a failure of the benchmark, if its answer is wrong.
    """

    name: str
    command: str
    answer: Optional[Callable[[str], object]] = str.strip
    then: Optional[str] = None
    run: Callable = timed
    foreign: bool = False


@dataclass(frozen=True)
class Target:
    """What is aimed at. value: from a result to what is compared with the limit; raises KeyError when somebody is
    missing. unit: of the value. seconds: how long the row's first contender may take, where that is what is aimed at."""

    text: str
    limit: float
    value: Callable[["Result"], float]
    at_least: bool = False
    unit: str = "x"
    seconds: Optional[Callable[["Result"], float]] = None

    def is_hit(self, value):
        return value >= self.limit if self.at_least else value <= self.limit


@dataclass(frozen=True)
class Row:
    """One question. id: a number of the targets' list, perhaps with a word. minutes: what it takes on the machine that
    docs/benchmarks.md was made on. note: what is measured, and why that is fair.

    check: a smaller dataset and the command of a slow and obvious program, whose answer all have to give for it. It also
    judges when a foreign contender answers otherwise than ours for all of the data.
    before: is called with the row's first dataset and the scratch folder before each run.
    shown: contender and unit of the figures that stand for the row in its document, of a row that is not timed; without
    any it is in FIGURES.md alone.
    stays: whether our commands are answered by a coordinator that stays.
    runs: how often each is run, where that does not depend on how long it takes; 0 if what else warms up is what counts.
    """

    id: str
    title: str
    minutes: float
    data: tuple
    contenders: list
    targets: list
    note: str = ""
    check: Optional[tuple] = None
    before: Optional[Callable[[Path, Path], None]] = None
    shown: tuple = ()
    runs: Optional[int] = None
    stays: bool = False

    @property
    def number(self):
        return self.id.split("-")[0]


@dataclass
class Result:
    """figures: of each contender and unit, the values of all its runs. missing: why a contender has none. remarks: what
    went otherwise than the row says."""

    figures: dict = field(default_factory=dict)
    missing: dict = field(default_factory=dict)
    remarks: list = field(default_factory=list)

    def median(self, contender, unit=SECONDS):
        return median(self.figures[contender][unit])


def agree(left, right):
    """Equal; floating-point numbers to 12 digits."""
    if isinstance(left, float) and isinstance(right, float):
        return math.isclose(left, right, rel_tol=1e-12)
    if isinstance(left, (list, tuple)) and isinstance(right, (list, tuple)):
        return len(left) == len(right) and all(map(agree, left, right))
    return left == right


class Measurement:
    """datasets: gives the path of a dataset, in the page cache. tools: gives tools by name, or raises Missing."""

    def __init__(self, row, datasets, tools, runs=None):
        self.row = row
        self.datasets = datasets
        self.tools = tools
        self.runs = runs
        self.result = Result()

    def setting(self, data, scratch):
        own = {"data": data, "scratch": scratch, "scaled": Scaled(self.datasets.scale)}

        def names(name):
            if name in own and own[name]:
                return own[name]
            found = self.datasets.by_label(name)
            return found if found else self.tools[name]

        return Setting(names, scratch)

    def measure(self):
        """The row's result. Raises Disagreement before anything is timed when two answers differ."""
        row = self.row
        paths = [self.datasets.get(dataset) for dataset in row.data]
        with tempfile.TemporaryDirectory(dir=self.datasets.folder) as folder:
            setting = self.setting(paths[0] if paths else None, Path(folder))
            with staying(self.tools["installed"], Path(folder)) if row.stays else nullcontext():
                self.measure_all(setting, Path(folder))
        if not row.before:
            self.expect_cached(paths)
        return self.result

    def measure_all(self, setting, scratch):
        present = self.present(setting)
        if self.row.check:
            present = self.check_small(present, scratch)
        rounds = self.warm_up(present, setting)
        for number in range(max(rounds.values(), default=0)):
            for contender in rounds:
                if number < rounds[contender]:
                    figures, _ = self.run(contender, setting)
                    for unit, value in figures.items():
                        self.result.figures[contender.name].setdefault(unit, []).append(value)

    def present(self, setting):
        present = []
        for contender in self.row.contenders:
            try:
                setting.words(contender.command + " " + (contender.then or ""))
                present.append(contender)
            except Missing as missing:
                self.result.missing[contender.name] = str(missing)
                say(f"without {contender.name}: {missing}")
        return present

    def run(self, contender, setting):
        if self.row.before:
            self.row.before(setting.names("data") if self.row.data else None, setting.scratch)
        return contender.run(setting.words(contender.command), setting)

    def answer(self, contender, setting, output):
        if contender.then:
            output = process.run(setting.words(contender.then), folder=setting.scratch).output
        return contender.answer(output)

    def check_small(self, present, scratch):
        """Those whose answer is that of the slow program."""
        dataset, command = self.row.check
        setting = self.setting(self.datasets.get(dataset), scratch)
        expected = process.run(setting.words(command)).output.strip()
        right = []
        for contender in present:
            _, output = self.run(contender, setting)
            answer = self.answer(contender, setting, output)
            if agree(expected, answer):
                right.append(contender)
            elif contender.foreign:
                self.rule_out(contender, expected, answer)
            else:
                raise self.disagreement(contender.name, answer, "the slow program", expected)
        return right

    def warm_up(self, present, setting):
        """How often each contender is to be run; by then every answer has been compared."""
        rounds = {}
        reference = None
        for contender in present:
            figures, output = self.run(contender, setting)
            if contender.answer:
                answer = self.answer(contender, setting, output)
                reference = reference or (contender.name, answer)
                if not agree(reference[1], answer):
                    if not (contender.foreign and self.is_confirmed(reference[1], setting)):
                        raise self.disagreement(contender.name, answer, *reference)
                    self.rule_out(contender, reference[1], answer)
                    continue
            long = figures.get(SECONDS, 0) > LONG_SECONDS
            usual = LONG_RUNS if long else SHORT_RUNS
            rounds[contender] = self.runs or (usual if self.row.runs is None else self.row.runs)
            first = {unit: [value] for unit, value in figures.items()}
            self.result.figures[contender.name] = {} if rounds[contender] else first
            unit, value = next(iter(figures.items()))
            say(f"{contender.name}: {value:.4g} {unit}" + (f", then {rounds[contender]} runs" if rounds[contender] else ""))
        return rounds

    def is_confirmed(self, answer, setting):
        """Whether the slow program gives this answer for all of the data."""
        return agree(process.run(setting.words(self.row.check[1])).output.strip(), answer)

    def rule_out(self, contender, expected, answer):
        why = f"its answer is wrong, {first_difference(expected, answer)}"
        self.result.missing[contender.name] = why
        say(f"without {contender.name}: {why}")

    def disagreement(self, name, answer, reference, expected):
        return Disagreement(f"row {self.row.id}: {name} and {reference} differ: {first_difference(expected, answer)}")

    def expect_cached(self, paths):
        for path in paths:
            if resident(path) < 0.999:
                self.remark(f"at the end only {resident(path):.1%} of {path.name} were still in the page cache")
            if path in self.datasets.read_back:
                self.remark(f"{path.name} was read back from the disk: it maps in smaller pieces than when just written")

    def remark(self, words):
        self.result.remarks.append(words)
        say(words)


def first_difference(expected, answer):
    """A piece of both where they begin to differ."""
    expected, answer = str(expected), str(answer)
    at = max(0, len(os.path.commonprefix([expected, answer])) - 40)
    return f"{answer[at:at + 80]!r} instead of {expected[at:at + 80]!r}"


def say(words):
    print("   " + words, flush=True)


def at_most(limit, ours, than, words):
    """ours: the row's first contender."""
    return Target(
        f"at most {limit:g} x {words}",
        limit,
        lambda result: result.median(ours) / result.median(than),
        seconds=lambda result: limit * result.median(than),
    )


def exponent(sizes, costs):
    """The k of costs that grow as sizes to the power of k, fitted by least squares to their logarithms."""
    points = [(math.log(size), math.log(cost)) for size, cost in zip(sizes, costs)]
    x, y = (sum(values) / len(points) for values in zip(*points))
    return sum((px - x) * (py - y) for px, py in points) / sum((px - x) ** 2 for px, _ in points)


def fastest(result, names):
    """The least median of those that took part."""
    return min(result.median(name) for name in names if name in result.figures)


def evict(data, _scratch):
    """Takes a file out of the page cache, and nothing else: what starts a process stays warm."""
    for _ in range(EVICTIONS):
        with open(data, "rb") as file:
            os.fsync(file.fileno())
            os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
        if resident(data) == 0:
            return
        time.sleep(0.1)  # the kernel spares pages that are on their way to one of its lists
    raise process.Failed(f"{data} cannot be evicted from the page cache: is it mapped by another process?")


def cost(words, setting):
    """The CPU time of the whole process, of a command whose answer only has to be there."""
    outcome = process.run(words, folder=setting.scratch)
    if not outcome.output:
        raise process.Failed(f"no answer from {shlex.join(words)}")
    return {CPU_SECONDS: outcome.cpu}, outcome.output


def empty(_data, scratch):
    """Removes what earlier runs wrote, and waits for the disk."""
    for path in scratch.iterdir():
        path.unlink()
    os.sync()

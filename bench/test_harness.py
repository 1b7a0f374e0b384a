"""Tests of the harness, with real processes: python3 -m unittest discover -s bench"""

import subprocess
import tempfile
import unittest
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path

from harness import document, process
from harness.data import Dataset, Shelf, resident
from harness.measure import (
    CPU_SECONDS, OWN_MIB, SECONDS, Contender, Disagreement, Measurement, Result, Row, at_most, evict, exponent,
    own_figures,
)
from harness.rows import MOST_EXPONENT, ROWS, grown
from harness.tools import BUILD, Missing

BUSY = "python3 -c \"import time; start = time.process_time()\nwhile time.process_time() - start < 0.3: pass\""


class NoTools:
    """Nothing is installed."""

    def __getitem__(self, name):
        raise Missing(f"there is no {name}")


class HarnessTest(unittest.TestCase):
    def setUp(self):
        BUILD.mkdir(exist_ok=True)
        folder = tempfile.TemporaryDirectory(dir=BUILD)  # where data lies: on a disk
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.log = self.folder / "log"
        self.shelf = Shelf(self.folder / "data", 1, False, lambda command, extra: command.format(**extra).split())
        process.adopt_orphans()

    def measure(self, *contenders, targets=(), runs=2, **row):
        with redirect_stdout(StringIO()) as said:
            row = {"data": (), "minutes": 1} | row
            row = Row("1", "A row", contenders=list(contenders), targets=list(targets), **row)
            result = Measurement(row, self.shelf, NoTools(), runs).measure()
        self.said = said.getvalue()
        return row, result

    def logging(self, name, answer):
        """A contender that leaves its name in the log when it is run."""
        return Contender(name, f"/bin/sh -c 'printf {name} >>{self.log}; echo {answer}'")

    def test_contenders_run_in_turn_after_a_warm_up(self):
        _, result = self.measure(self.logging("A", 1), self.logging("B", 1), runs=3)
        self.assertEqual(self.log.read_text(), "ABABABAB")
        self.assertEqual([len(result.figures[name][SECONDS]) for name in "AB"], [3, 3])

    def test_answers_that_differ_fail_before_anything_is_timed(self):
        with self.assertRaisesRegex(Disagreement, "row 1: B and A differ: '2' instead of '1'"):
            self.measure(self.logging("A", 1), self.logging("B", 2))
        self.assertEqual(self.log.read_text(), "AB")

    def test_an_answer_that_all_give_must_be_that_of_the_slow_program(self):
        small = Dataset("small", "small.bin", 1024, 1, "truncate -s {size} {file}")
        with self.assertRaisesRegex(Disagreement, "A and the slow program differ: '2' instead of '1'"):
            self.measure(self.logging("A", 2), self.logging("B", 2), check=(small, "echo 1"))

    def test_a_foreign_contender_that_is_wrong_is_ruled_out_if_the_slow_program_says_so(self):
        few = Dataset("few", "few.bin", 1024, 1, "truncate -s {size} {file}")
        many = Dataset("many", "many.bin", 2048, 1, "truncate -s {size} {file}")
        sizes = "stat -c %s {data}"
        _, result = self.measure(
            Contender("A", sizes),
            Contender("B", "echo 1024", foreign=True),
            Contender("C", "echo 1", foreign=True),
            data=(many,),
            check=(few, sizes),
        )
        self.assertEqual(list(result.figures), ["A"])
        self.assertIn("'1024' instead of '2048'", result.missing["B"])
        self.assertIn("'1' instead of '1024'", result.missing["C"])
        with self.assertRaises(Disagreement):  # the wrong one is ours
            self.measure(
                Contender("A", "echo 1024"), Contender("B", sizes, foreign=True), data=(many,), check=(few, sizes)
            )

    def test_a_command_that_fails_is_no_figure(self):
        with self.assertRaisesRegex(process.Failed, "exit code 3 of.*\nwhy"):
            self.measure(Contender("A", "/bin/sh -c 'echo why >&2; exit 3'"))

    def test_a_peer_that_is_missing_is_said_and_the_others_are_measured(self):
        row, result = self.measure(
            self.logging("A", 1), Contender("B", "{gcc} {data}"), targets=[at_most(2, "A", "B", "B")]
        )
        self.assertEqual(result.missing, {"B": "there is no gcc"})
        self.assertIn("without B: there is no gcc", self.said)
        text = document.row_text(row, result.__dict__)
        self.assertIn("Without B: there is no gcc", text)
        self.assertIn("not measured", text)

    def test_cpu_time_is_that_of_orphans_too_and_wall_time_is_not(self):
        outcome = process.run(["/bin/sh", "-c", f"{BUSY} & exit"])
        self.assertGreater(outcome.cpu, 0.3)
        self.assertLess(outcome.wall, 0.3)

    def test_cpu_time_of_a_child_counts_once(self):
        outcome = process.run(["/bin/sh", "-c", f"{BUSY}; true"])
        self.assertGreater(outcome.cpu, 0.3)
        self.assertLess(outcome.cpu, 0.6)

    def test_children_of_those_who_are_gone_are_ended_too(self):
        subprocess.run(["/bin/sh", "-c", "sh -c 'sleep 100; true' & sleep 0.1"])
        self.assertEqual(len(process.living()), 2)
        process.end_all()
        self.assertEqual(process.living(), [])

    def test_an_evicted_file_is_read_again_into_the_cache(self):
        data = Dataset("file", "file.bin", 4 << 20, 1, "dd if=/dev/urandom of={file} bs={size} count=1 conv=fsync")
        path = self.shelf.get(data)
        self.assertEqual(resident(path), 1)
        evict(path, None)
        self.assertEqual(resident(path), 0)
        self.shelf.get(data)
        self.assertEqual(resident(path), 1)
        self.shelf.close()
        self.assertFalse(path.exists())

    def test_the_document_keeps_what_is_written_by_hand(self):
        path = self.folder / "benchmarks.md"
        row, result = self.measure(self.logging("A", 1))
        figures = result.__dict__ | {"date": "today", "commit": "0", "scale": 1}
        saved = {"machine": {}, "versions": {}, "rows": {"1": figures}}
        details = self.folder / "FIGURES.md"
        document.write(path, details, [row], saved)
        path.write_text("Before.\n" + path.read_text() + "After.\n")
        document.write(path, details, [row], saved)
        text = path.read_text()
        self.assertTrue(text.startswith("Before.\n") and text.endswith("After.\n"))
        self.assertEqual(text.count("| 1 | A row |"), 1)
        self.assertEqual(details.read_text().count("## 1. A row"), 1)

    def test_the_exponent_is_that_of_what_was_fitted(self):
        sizes = [1_000, 2_000, 4_000, 8_000]
        for k in (0.5, 1, 2):
            self.assertAlmostEqual(exponent(sizes, [3 * size**k for size in sizes]), k)

    def test_what_grows_faster_than_the_work_misses_its_target(self):
        row = grown("names", 800, "names")
        self.assertEqual([contender.name for contender in row.contenders], ["100", "200", "400", "800"])
        for k, is_hit in ((1, True), (1.1, True), (1.3, False), (2, False)):
            figures = {c.name: {CPU_SECONDS: [n**k], OWN_MIB: [n]} for c, n in zip(row.contenders, (100, 200, 400, 800))}
            verdicts = [verdict for *_, verdict in document.targets(row, Result(figures).__dict__)]
            self.assertEqual([verdict == "hit" for verdict in verdicts], [is_hit, True], k)

    def test_growth_is_in_the_figures_and_not_in_the_document(self):
        row = grown("names", 800, "names")
        figures = {c.name: {CPU_SECONDS: [1.0], OWN_MIB: [1.0]} for c in row.contenders}
        saved = {"machine": {}, "versions": {}, "rows": {row.id: Result(figures).__dict__ | {"scale": 1}}}
        self.assertNotIn("16-names", document.summary([row], saved, "benchmarks.svg"))
        self.assertIn("## 16-names.", document.all_figures([row], saved))

    def test_a_row_may_say_how_often_it_is_run(self):
        figures = Contender("A", "printf 'CPU s\\t1\\n'", None, run=own_figures)
        _, result = self.measure(figures, runs=None)
        self.assertEqual(len(result.figures["A"][CPU_SECONDS]), 7)
        with redirect_stdout(StringIO()):
            for runs in (0, 1, 2):  # the first warms up, if there is another
                row = Row("1", "A row", 1, (), [self.logging("B", 1)], [], runs=runs)
                result = Measurement(row, self.shelf, NoTools()).measure()
                self.assertEqual(len(result.figures["B"][CPU_SECONDS]), max(1, runs))
        self.assertEqual(self.log.read_text(), "B" * (1 + 2 + 3))

    def test_every_row_has_an_id_of_its_own(self):
        ids = [row.id for row in ROWS]
        self.assertEqual(len(ids), len(set(ids)))

    def test_targets_say_how_far_off_they_are(self):
        row, result = self.measure(self.logging("A", 1), self.logging("B", 1), targets=[at_most(0.5, "A", "B", "B")])
        for name, seconds in (("A", 3.0), ("B", 4.0)):
            result.figures[name] = {SECONDS: [seconds], CPU_SECONDS: [seconds]}
        self.assertIn("missed by 50 %", document.row_text(row, result.__dict__))


if __name__ == "__main__":
    unittest.main()

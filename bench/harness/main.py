"""The command line, and the story of a run: build, make data, check, measure, write."""

import argparse
import shutil
import time
from pathlib import Path

from harness import process
from harness.data import GIB, Shelf
from harness.measure import measure
from harness.rows import ROWS
from harness.tools import BUILD, PEERS, Tools


def main(arguments):
    options = parse(arguments)
    rows = [row for row in ROWS if not options.rows or row.number in options.rows]
    process.adopt_orphans()
    tools = Tools()
    shelf = Shelf(options.data, options.scale, options.keep)

    def names(path):
        fixed = {"data": path, "peers": PEERS}
        return lambda name: fixed[name] if name in fixed else tools[name]

    def fill(command, extra):
        from harness.measure import placeholders, words
        return words(command, {n: extra.get(n) or tools[n] for n in placeholders(command)})

    try:
        for i, row in enumerate(rows):
            print(f"== {row.number}. {row.title}", flush=True)
            path = shelf.get(row.data, fill)
            result = measure(row, names(path), options.runs)
            for name, figures in result.figures.items():
                print(f"{name:32} {result.median(name):8.3f} {min(figures['wall']):8.3f} {max(figures['wall']):8.3f}  cpu {result.median(name, 'cpu'):8.3f}")
            for target in row.targets:
                value = target.value(result)
                print(f"  {'hit   ' if target.is_hit(value) else 'MISSED'} {value:.3f} {target.text}")
            shelf.drop({row.data} - {later.data for later in rows[i + 1:]})
    finally:
        shelf.close()


def parse(arguments):
    parser = argparse.ArgumentParser(prog="bench/run", description=__doc__)
    parser.add_argument("rows", nargs="*", type=int, metavar="ROW")
    parser.add_argument("--runs", type=int)
    parser.add_argument("--scale", type=float, default=1)
    parser.add_argument("--data", type=Path, default=BUILD / "data")
    parser.add_argument("--keep", action="store_true")
    return parser.parse_args(arguments)

"""Measures Forkless against its peers: builds them, makes the data, checks that every answer agrees, and only then
measures, in alternation. Writes docs/benchmarks.md and bench/FIGURES.md from the figures."""

import argparse
import datetime
import json
import os
import shutil
import signal
import sys
from pathlib import Path

from harness import document, machine, process
from harness.data import GIB, Shelf
from harness.measure import Disagreement, Measurement
from harness.rows import ROWS
from harness.tools import BUILD, ROOT, Tools

DOCUMENT = ROOT / "docs/benchmarks.md"
FIGURES = ROOT / "bench/FIGURES.md"


def main(arguments):
    options = parse(arguments)
    tools = Tools(options.brc, options.offline)
    if options.jmh is not None:
        return tools.jmh(options.jmh)
    rows, left_out = choose(options)
    for row, why in left_out:
        print(f"left out: {row.id}, {why}")
    if not rows:
        sys.exit("bench: nothing is left to measure")
    print(f"{len(rows)} rows, about {sum(row.minutes for row in rows) * options.scale:.0f} minutes and at most"
          f" {disk(rows, options.scale) / GIB:.1f} GiB in {options.data}", flush=True)
    process.adopt_orphans()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # by way of the clean-up below
    shelf = Shelf(options.data, options.scale, options.keep, tools.fill)
    try:
        for i, row in enumerate(rows):
            print(f"== {row.id}. {row.title}", flush=True)
            result = Measurement(row, shelf, tools, options.runs).measure()
            save(options, row, result, tools)
            print(document.row_text(row, result.__dict__), flush=True)
            shelf.drop(shelf.made.keys() - {data for later in rows[i + 1:] for data in datasets(later)})
    except (Disagreement, process.Failed) as failure:
        sys.exit(f"bench: {failure}")
    finally:
        process.end_children()
        shelf.close()
    print(f"written: {options.out}")
    return 0


def parse(arguments):
    parser = argparse.ArgumentParser(prog="bench/run", description=__doc__)
    ids = ", ".join(row.id for row in ROWS)
    parser.add_argument("rows", nargs="*", metavar="ROW", help=f"all by default: {ids}; 3 is both 3-sum and 3-stats")
    parser.add_argument("--runs", type=int, help="measured runs of each; by default 7, and 3 of what takes over 5 s")
    parser.add_argument("--scale", type=float, default=1, help="of all sizes: 0.1 for a quick look")
    parser.add_argument("--minutes", type=float, default=90, help="leave out what would take longer in all (%(default)s)")
    parser.add_argument("--data", type=Path, default=BUILD / "data", help="where datasets are made (bench/target/data)")
    parser.add_argument("--keep", action="store_true", help="leave the datasets there; they are used again")
    parser.add_argument("--1brc", dest="brc", type=Path, metavar="DIR", help="a checkout of gunnarmorling/1brc whose"
                        " target folder has the entries, compiled for this JDK")
    parser.add_argument("--offline", action="store_true", help="fetch nothing: DuckDB only if it was fetched before")
    parser.add_argument("--out", type=Path, help="the document, with all figures and the chart beside it"
                        " (docs/benchmarks.md and bench/FIGURES.md; with --scale, bench/target/benchmarks.md)")
    parser.add_argument("--jmh", nargs=argparse.REMAINDER, help="run the JMH benchmarks instead; what follows is JMH's")
    options = parser.parse_args(arguments)
    known = {row.id for row in ROWS} | {row.number for row in ROWS}
    for unknown in set(options.rows) - known:
        parser.error(f"there is no row {unknown}; there are {ids}")
    if options.out is None:
        options.out = DOCUMENT if options.scale == 1 else BUILD / DOCUMENT.name
    options.data = options.data.absolute()
    return options


def choose(options):
    """The rows to measure, and those that do not fit, with the reason."""
    chosen, left_out, minutes = [], [], 0
    folder = next(folder for folder in (options.data, *options.data.parents) if folder.exists())
    free = shutil.disk_usage(folder).free
    memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    for row in ROWS:
        if options.rows and row.id not in options.rows and row.number not in options.rows:
            continue
        size = sum(data.bytes(options.scale) for data in datasets(row))
        minutes += row.minutes * options.scale
        if minutes > options.minutes:
            left_out.append((row, f"which would end after more than --minutes {options.minutes:g}"))
        elif size > 0.7 * memory:
            left_out.append((row, f"whose {size / GIB:.1f} GiB of data do not stay in {memory / GIB:.1f} GiB of memory"))
        elif disk([*chosen, row], options.scale) > 0.9 * free:
            left_out.append((row, f"whose data does not fit the {free / GIB:.1f} GiB free in {folder}"))
        else:
            chosen.append(row)
    return chosen, left_out


def datasets(row):
    return {*row.data, *([row.check[0]] if row.check else [])}


def disk(rows, scale):
    """Bytes of the datasets that are there at once, at most; what a later row needs as well is kept for it."""
    most = 0
    for i in range(len(rows)):
        before = {data for row in rows[:i + 1] for data in datasets(row)}
        later = {data for row in rows[i:] for data in datasets(row)}
        most = max(most, sum(data.bytes(scale) for data in before & later))
    return most


def save(options, row, result, tools):
    """Puts a row's figures in the place of its earlier ones, and writes the document and the chart anew."""
    figures = options.out.with_suffix(".json")
    saved = json.loads(figures.read_text()) if figures.exists() else {"rows": {}}
    saved["machine"] = machine.shape(options.data)
    saved["versions"] = {**saved.get("versions", {}), **tools.versions()}
    saved["rows"][row.id] = {
        "date": datetime.date.today().isoformat(),
        "commit": tools.commit(),
        "scale": options.scale,
        **result.__dict__,
    }
    options.out.parent.mkdir(parents=True, exist_ok=True)
    figures.write_text(json.dumps(saved, indent=1, ensure_ascii=False) + "\n")
    document.write(options.out, FIGURES if options.out == DOCUMENT else options.out.with_name(FIGURES.name), ROWS, saved)

"""docs/benchmarks.md, its chart, and bench/FIGURES.md, from the figures. What stands outside the two marks is left as it is."""

import re
from statistics import median

from harness import chart
from harness.measure import CPU_SECONDS, SECONDS, Result

BEGIN = "<!-- measured: bench/run writes this -->"
END = "<!-- measured: to here -->"
PEERS = ("C, ", "Python, ")
ENTRY = "1BRC, "  # of many, the fastest is shown
MACHINE = ("processor", "processors", "memory", "kernel", "data on")


def write(path, details, rows, saved):
    """Writes the document, which may be there already, beside it the chart, and all figures with their commands to details."""
    text = path.read_text() if path.exists() else f"# Benchmarks\n\n{BEGIN}\n{END}\n"
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    picture = path.with_suffix(".svg")
    picture.write_text(chart.svg(rows, saved["rows"]))
    path.write_text(before + BEGIN + "\n\n" + summary(rows, saved, picture.name) + "\n" + END + after)
    details.write_text(all_figures(rows, saved))


def summary(rows, saved, picture):
    present = [row for row in rows if row.id in saved["rows"] and has_headline(row, saved["rows"][row.id])]
    scales = {saved["rows"][row.id]["scale"] for row in present} - {1}
    return "\n".join([
        *(f"All sizes are scaled by {scale:g}: these are not the figures aimed at.\n" for scale in scales),
        table(("row", "measured", "Forkless", "its time compared with"), [headline(row, saved["rows"][row.id]) for row in present]),
        f"![Times of Forkless and its peers, row by row]({picture})\n",
        "Machine: " + "; ".join(f"{name} {saved['machine'].get(name)}" for name in MACHINE) + ".\n",
    ])


def has_headline(row, figures):
    return bool(row.shown) or is_timed(result_of(figures))


def headline(row, figures):
    """One line for a row: what Forkless took, and how many times that is of what each peer took; else the figures shown."""
    result = result_of(figures)
    first, *others = result.figures or [None]
    if first and is_timed(result):
        time = result.median(first)
        entries = [name for name in others if name.startswith(ENTRY)]
        best = min(entries, key=result.median, default=None)
        others = [name for name in others if name == best or name not in entries]
        return row.id, row.title, f"{time:.3g} s", "; ".join(f"{name} {time / result.median(name):.2f} x" for name in others)
    ours, theirs = [], []
    for name, unit in row.shown:
        if unit in result.figures.get(name, {}):
            side = theirs if name.startswith(PEERS) else ours
            figure = f"{number(result.median(name, unit))} {unit}"
            name = name.removeprefix("Forkless, ")
            if side and side[-1].startswith(name + ": "):
                side[-1] += ", " + figure
            else:
                side.append(f"{name}: {figure}")
    return row.id, row.title, "; ".join(ours), "; ".join(theirs)


def all_figures(rows, saved):
    present = [row for row in rows if row.id in saved["rows"]]
    absent = [row for row in rows if row.id not in saved["rows"]]
    parts = [
        "# All figures\n\nWritten by `bench/run`. NOTES.md says what they mean.\n",
        "## Targets\n",
        table(("", "target", "measured", ""), [line for row in present for line in targets(row, saved["rows"][row.id])]),
        "## Machine and versions\n",
        table(("", ""), [*saved["machine"].items(), *saved["versions"].items()]),
        *(row_text(row, saved["rows"][row.id]) for row in present),
    ]
    if absent:
        parts.append("Not measured: " + "; ".join(f"{row.id}. {row.title}" for row in absent) + ".\n")
    return "\n".join(parts)


def row_text(row, figures):
    result = result_of(figures)
    parts = [f"## {row.id}. {row.title}\n"]
    if "date" in figures:
        scale = "" if figures["scale"] == 1 else f" All sizes are scaled by {figures['scale']:g}: not the figures aimed at."
        parts.append(f"Measured {figures['date']} at `{figures['commit']}`.{scale}\n")
    if row.note:
        parts.append(row.note + "\n")
    parts.append(timed_table(result) if is_timed(result) else figures_table(result))
    parts += [f"- {words}: {measured} ({verdict})" for _, words, measured, verdict in targets(row, figures)]
    parts += [f"- Without {', '.join(names)}: {why}." for why, names in reasons(result).items()]
    parts += [f"- {remark[0].upper()}{remark[1:]}." for remark in result.remarks]
    commands = [f"{c.name + ':':{width(row)}} {shown(c.command)}" for c in row.contenders if c.name in result.figures]
    return "\n".join([*parts, "", "```text", *commands, "```", ""])


def width(row):
    return max(len(contender.name) for contender in row.contenders) + 1


def result_of(figures):
    return Result(figures["figures"], figures["missing"], figures["remarks"])


def is_timed(result):
    return all(set(units) == {SECONDS, CPU_SECONDS} for units in result.figures.values())


def shown(command):
    """A command as a person would type it."""
    names = {"coordinator": "coordinator/bin/coordinator", "installed": "bin/coordinator", "data": "DATA", "scratch": "SCRATCH", "library": "LIBRARY"}
    command = re.sub(r"\{scaled:(\d+)\}", r"\1", command)
    return re.sub(r"\{(\w+)\}", lambda match: names.get(match[1], match[1]), command)


def reasons(result):
    """From why somebody is missing to all who are for that."""
    found = {}
    for name, why in result.missing.items():
        found.setdefault(why, []).append(name)
    return found


def targets(row, figures):
    """For each target: row, what is aimed at, what was measured, hit or missed by how much."""
    result = result_of(figures)
    for target in row.targets:
        try:
            value = target.value(result)
        except (KeyError, ValueError):
            yield row.id, target.text, "not measured", "somebody is missing"
            continue
        off = target.limit / value if target.at_least else value / target.limit
        verdict = "hit" if target.is_hit(value) else f"**missed by {(off - 1) * 100:.0f} %**"
        yield row.id, target.text, f"{number(value)} {target.unit}", verdict


def timed_table(result):
    first = next(iter(result.figures), None)
    rows = []
    for name, units in result.figures.items():
        wall = units[SECONDS]
        ratio = result.median(first) / median(wall)
        rows.append(
            (
                name,
                f"{median(wall):.3f} s",
                f"{min(wall):.3f} - {max(wall):.3f}",
                f"{median(units[CPU_SECONDS]):.3f} s",
                len(wall),
                "" if name == first else f"{ratio:.2f} x",
            )
        )
    return table(("", "median", "min - max", "CPU", "runs", f"{first} takes"), rows)


def figures_table(result):
    rows = [
        (name, unit, number(median(values)), f"{number(min(values))} - {number(max(values))}", len(values))
        for name, units in result.figures.items()
        for unit, values in units.items()
    ]
    return table(("", "unit", "median", "min - max", "runs"), rows)


def number(value):
    """Three digits or more."""
    if value >= 1000:
        return f"{value:,.0f}"
    return f"{value:.3g}" if value >= 100 or value < 0.001 else f"{value:.{3 if value < 1 else 2 if value < 10 else 1}f}"


def table(head, rows):
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(map(str, line)) + " |" for line in lines) + "\n"

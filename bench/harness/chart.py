"""The chart: for each row that is timed, a bar for each contender, and a mark where Forkless would hit its target."""

from html import escape

from harness.measure import CPU_SECONDS, SECONDS, Result

WIDTH, LABELS, NUMBERS = 860, 230, 110
BAR, GAP, HEAD = 14, 4, 22
LONGEST = 4

STYLE = """
    text { font: 12px system-ui, sans-serif; fill: #24292f }
    .head { font-weight: 600; font-size: 13px }
    .number { fill: #57606a }
    .peer { fill: #b6bec8 }
    .ours { fill: #0969da }
    .target { stroke: #cf222e; stroke-width: 2 }
    .cut { stroke: #ffffff; stroke-width: 3 }
    .paper { fill: #ffffff }
    @media (prefers-color-scheme: dark) {
      text { fill: #e6edf3 }
      .number { fill: #9198a1 }
      .peer { fill: #4a525c }
      .ours { fill: #4493f8 }
      .target { stroke: #ff7b72 }
      .cut { stroke: #0d1117 }
      .paper { fill: #0d1117 }
    }
"""


def svg(rows, saved):
    """A picture of all rows whose figures are times."""
    shapes = []
    y = 46
    for row in rows:
        result = saved.get(row.id) and Result(saved[row.id]["figures"])
        if result and result.figures and all(set(u) == {SECONDS, CPU_SECONDS} for u in result.figures.values()):
            y = draw(row, result, y, shapes)
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{y}" viewBox="0 0 {WIDTH} {y}" role="img"'
            ' aria-label="Seconds from start to exit of Forkless and its peers">',
            f"<style>{STYLE}</style>",
            f'<rect class="paper" width="{WIDTH}" height="{y}"/>',
            text(12, 20, "Seconds from start to exit, less is better; each row has its own scale", "head"),
            f'<line class="target" x1="12" y1="27" x2="12" y2="41"/>',
            text(20, 38, "what Forkless may take to hit its target; a bar with a gap is longer than is drawn", "number"),
            *shapes,
            "</svg>",
            "",
        ]
    )


def draw(row, result, y, shapes):
    """Adds one row's shapes and returns where the next begins."""
    shapes.append(text(12, y + 14, f"{row.id}. {row.title}", "head"))
    y += HEAD
    names = list(result.figures)
    allowed = list(allowed_seconds(row, result))
    longest = min(max(result.median(name) for name in names), LONGEST * result.median(names[0]))
    longest = max([longest, *allowed])
    room = WIDTH - LABELS - NUMBERS
    for name in names:
        seconds = result.median(name)
        length = room * min(1, seconds / longest)
        kind = "ours" if name.startswith("Forkless") else "peer"
        shapes.append(text(LABELS - 8, y + 11, name, "label", "end"))
        shapes.append(f'<rect class="{kind}" x="{LABELS}" y="{y}" width="{length:.1f}" height="{BAR}" rx="2"/>')
        if seconds > longest:
            x = LABELS + length - 18
            shapes.append(f'<line class="cut" x1="{x:.1f}" y1="{y + BAR + 1}" x2="{x + 6:.1f}" y2="{y - 1}"/>')
        shapes.append(text(LABELS + length + 6, y + 11, f"{seconds:.3f} s", "number"))
        y += BAR + GAP
    if allowed:
        x = LABELS + room * min(allowed) / longest
        top = y - len(names) * (BAR + GAP)
        shapes.append(f'<line class="target" x1="{x:.1f}" y1="{top - 2}" x2="{x:.1f}" y2="{top + BAR + 2}"/>')
    return y + 14


def allowed_seconds(row, result):
    """What Forkless may take at most, for each target that is about its time."""
    for target in row.targets:
        try:
            if target.seconds:
                yield target.seconds(result)
        except (KeyError, ValueError):
            pass  # somebody is missing


def text(x, y, words, kind, anchor="start"):
    return f'<text x="{x}" y="{y}" class="{kind}" text-anchor="{anchor}">{escape(words)}</text>'

"""The One Billion Row Challenge, slowly and obviously: brc_slow.py FILE"""

import sys

values = {}
with open(sys.argv[1], encoding="utf-8", newline="\n") as rows:
    for row in rows:
        name, value = row.rstrip("\n").split(";")
        values.setdefault(name, []).append(int(value.replace(".", "")))


def tenths(n):
    return ("-" if n < 0 else "") + f"{abs(n) // 10}.{abs(n) % 10}"


def mean(all_values):
    """Rounded half up, that is towards plus infinity."""
    return (2 * sum(all_values) + len(all_values)) // (2 * len(all_values))


def as_java_sorts(name):
    return name.encode("utf-16-be")


print("{" + ", ".join(
    f"{name}={tenths(min(values[name]))}/{tenths(mean(values[name]))}/{tenths(max(values[name]))}"
    for name in sorted(values, key=as_java_sorts)) + "}")

"""The One Billion Row Challenge, slowly and obviously: brc_slow.py FILE"""

import sys

names = {}
with open(sys.argv[1], encoding="utf-8", newline="\n") as rows:
    for row in rows:
        name, value = row.rstrip("\n").split(";")
        tenth = int(value.replace(".", ""))
        least, most, total, count = names.get(name, (tenth, tenth, 0, 0))
        names[name] = min(least, tenth), max(most, tenth), total + tenth, count + 1


def tenths(n):
    return ("-" if n < 0 else "") + f"{abs(n) // 10}.{abs(n) % 10}"


def mean(total, count):
    """Rounded half up, that is towards plus infinity."""
    return (2 * total + count) // (2 * count)


def as_java_sorts(name):
    return name.encode("utf-16-be")


stations = []
for name in sorted(names, key=as_java_sorts):
    least, most, total, count = names[name]
    stations.append(f"{name}={tenths(least)}/{tenths(mean(total, count))}/{tenths(most)}")
print("{" + ", ".join(stations) + "}")

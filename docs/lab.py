"""The experiment of `coordinator lab sharing` in Python, with multiprocessing.

    python3 docs/lab.py [--count N] [--jobs N] [--procs N]

Run it with whatever there is, python3 or pypy3. What can be compared is the cost of an element: CPython needs so long for
one that it is given fewer by default. Each arrangement is a program of its own, timed from its start.
"""

import argparse
import json
import multiprocessing
import multiprocessing.pool
import os
import platform
import random
import subprocess
import sys
import tempfile
import time
from array import array
from multiprocessing.managers import BaseManager

IS_PYPY = platform.python_implementation() == "PyPy"

# As much as can be waited for: accesses to what a manager has, and bytes through pipes.
MANAGED_ACCESSES = 20_000
PIPED_BYTES = 256 << 20

elements = None  # shared by a fork, or a worker's own copy


def checksum(values, multiplier):
    """What Arrays.hashCode does, with another multiplier; in 32 bits, which fit a machine word while they grow."""
    total = 0
    for value in values:
        total = (total * multiplier + value) & 0xFFFFFFFF
    return total


def read(path, count):
    values = array("i")
    with open(path, "rb") as file:
        values.fromfile(file, count)
    return values


class Owner:
    """The data, in a manager's process; workers have a proxy for it."""

    def __init__(self, path, count):
        self.values = read(path, count)

    def get(self, index):
        return self.values[index]


class Manager(BaseManager):
    pass


Manager.register("Owner", Owner, exposed=["get"])


# ---- what a job does, by what it is handed


def of_nothing(job):
    return job


def of_global(multiplier):
    return checksum(elements, multiplier)


def of_argument(task):
    multiplier, values = task
    return checksum(values, multiplier)


def of_copy(task):
    global elements
    multiplier, path, count = task
    if elements is None:
        elements = read(path, count)
    return checksum(elements, multiplier)


def of_owner(task):
    multiplier, owner, count = task
    return checksum((owner.get(i) for i in range(count)), multiplier)


# ---- the arrangements: each hands its results over as they come, and stays until its memory was looked at


def trivial(args, multipliers, take):
    with multiprocessing.Pool(args.procs) as pool:
        take(pool.imap_unordered(of_nothing, multipliers))


def single(args, multipliers, take):
    values = read(args.data, args.count)
    take(checksum(values, multiplier) for multiplier in multipliers)


def threads(args, multipliers, take):
    global elements
    elements = read(args.data, args.count)
    with multiprocessing.pool.ThreadPool(args.procs) as pool:
        take(pool.imap_unordered(of_global, multipliers))


def by_value(args, multipliers, take):
    with multiprocessing.Pool(args.procs) as pool:  # forked before there is anything to share
        values = read(args.data, args.count)
        take(pool.imap_unordered(of_argument, ((multiplier, values) for multiplier in multipliers)))


def managed(args, multipliers, take):
    with Manager() as manager, multiprocessing.Pool(args.procs) as pool:
        owner = manager.Owner(args.data, args.count)
        take(pool.imap_unordered(of_owner, ((multiplier, owner, args.count) for multiplier in multipliers)))


def copy_each(args, multipliers, take):
    with multiprocessing.Pool(args.procs) as pool:
        take(pool.imap_unordered(of_copy, ((multiplier, args.data, args.count) for multiplier in multipliers)))


def shared(args, multipliers, take):
    global elements
    elements = read(args.data, args.count)
    with multiprocessing.Pool(args.procs) as pool:  # the fork shares it
        take(pool.imap_unordered(of_global, multipliers))


ARRANGEMENTS = [trivial, single, threads, by_value, managed, copy_each, shared]


def memory():
    """PSS and RSS of this process and its children, in bytes."""
    me = os.getpid()
    found = {"Pss:": 0, "Rss:": 0}
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{pid}/stat") as file:
                parent = int(file.read().rpartition(")")[2].split()[1])
            if me not in (int(pid), parent):
                continue
            with open(f"/proc/{pid}/smaps_rollup") as file:
                for line in file:
                    name, *amount = line.split()
                    if name in found:
                        found[name] += int(amount[0]) * 1024
        except OSError:
            pass  # it is gone
    return found


def run(args):
    """One arrangement, in this process; prints what was found as JSON."""
    multiprocessing.set_start_method("fork")
    multipliers = [2 * job + 31 for job in range(args.jobs)]
    found = {}

    def take(results):
        values = []
        for result in results:
            found.setdefault("first", time.time() - args.started)
            values.append(result)
        found["wall"] = time.time() - args.started
        found["answer"] = sorted(values)
        found.update(memory())

    globals()[args.arrangement](args, multipliers, take)
    print(json.dumps(found))


def measure(args, arrangement, count, jobs):
    command = [sys.executable, __file__, "--arrangement", arrangement, "--data", args.data]
    command += ["--count", str(count), "--jobs", str(jobs), "--procs", str(args.procs), "--started", repr(time.time())]
    return json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)


def table(args):
    print(
        f"{platform.python_implementation()} {platform.python_version()}: {args.jobs} jobs, each reads all of"
        f" {args.count} int32, {args.procs} workers"
    )
    print(f"{'arrangement':11} {'wall':>9} {'first':>9} {'PSS':>10} {'sum RSS':>10} {'speed-up':>10} {'an element':>11}")
    answer = None
    base = None
    for arrangement in ARRANGEMENTS:
        name = arrangement.__name__
        count, jobs = args.count, args.jobs
        if arrangement is managed:
            jobs = min(jobs, args.procs)
            count = min(count, MANAGED_ACCESSES // jobs)
        elif arrangement is by_value:
            jobs = min(jobs, max(args.procs, PIPED_BYTES // (4 * count)))
        found = measure(args, name, count, jobs)
        whole = (count, jobs) == (args.count, args.jobs)
        if whole and arrangement is not trivial:
            answer = answer or found["answer"]
            if found["answer"] != answer:
                sys.exit(f"{name} gives another answer than single")
        nanos = found["wall"] * 1e9 / (count * jobs)
        if arrangement is single:
            base = nanos
        reads = arrangement is not trivial
        speed_up = base / nanos if reads else 0
        print(
            f"{name.replace('_', '-'):11}"
            f" {'%.2f s' % found['wall'] if whole else '*':>9}"
            f" {'%.2f s' % found['first']:>9}"
            f" {'%.1f MiB' % (found['Pss:'] / 2**20):>10}"
            f" {'%.1f MiB' % (found['Rss:'] / 2**20):>10}"
            f" {('%.2f' % speed_up if speed_up > 0.095 else '1/%.0f' % (1 / speed_up)) if reads else '':>10}"
            f" {('%.2f ns' % nanos if nanos < 1000 else '%.1f us' % (nanos / 1000)) if reads else '':>11}",
            flush=True,
        )
        if not whole:
            print(f"* measured on {jobs} jobs of {count} elements, per element: {found['wall']:.2f} s")


def main():
    parser = argparse.ArgumentParser(description="The experiment of 'coordinator lab sharing' in Python.")
    parser.add_argument("--count", type=int, default=(16 if IS_PYPY else 1) << 20, help="elements that each job reads")
    parser.add_argument("--jobs", type=int, default=100 if IS_PYPY else 20)
    parser.add_argument("--procs", type=int, default=os.cpu_count())
    for hidden, kind in ("--arrangement", str), ("--data", str), ("--started", float):
        parser.add_argument(hidden, type=kind, help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.arrangement:
        run(args)
        return
    with tempfile.NamedTemporaryFile(suffix=".bin") as file:
        bits = random.Random(1).getrandbits
        for _ in range(args.count >> 10):
            file.write(bits(32 << 10).to_bytes(4 << 10, "little"))
        for _ in range(args.count & 1023):
            file.write(bits(32).to_bytes(4, "little"))
        file.flush()
        args.data = file.name
        table(args)


if __name__ == "__main__":
    main()

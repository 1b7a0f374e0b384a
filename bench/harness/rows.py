"""What is measured: the rows, who takes part in each, and what is aimed at. The first contender is Forkless."""

from harness.data import INTS_512M, INTS_8G
from harness.measure import Contender, Row, Target, at_most


def last_words(output):
    """One number for each line: the last word."""
    return [int(line.split()[-1]) for line in output.splitlines()]


def statistics(output):
    """Lines of name and value."""
    return [int(value) if value.lstrip("-").isdigit() else float(value) for _, value in map(str.split, output.splitlines())]


OURS = "Forkless"
ONE_WORKER = "Forkless, 1 worker"
C = "C, fork"
THREADS = "JVM, 2 threads"
NUMPY = "numpy, Pool"

ROWS = [
    Row(
        1,
        "One shot: the sum of 512 MiB of int32, 2 workers",
        INTS_512M,
        [
            Contender(OURS, "{coordinator} --procs 2 --job sum {data}"),
            Contender(THREADS, "{java} -cp {classes} Threads sum 2 {data}"),
            Contender(C, "{scan} sum 2 {data}"),
            Contender(NUMPY, "{numpy} {peers}/pool_numpy.py sum 2 {data}"),
            Contender("PyPy, Pool", "{pypy3} {peers}/pool_pure.py sum 2 {data}"),
            Contender("Python, Pool", "{python} {peers}/pool_pure.py sum 2 {data}"),
        ],
        [at_most(1.1, OURS, THREADS, "one JVM with 2 threads"), at_most(0.65, OURS, NUMPY, "numpy's Pool")],
    ),
    Row(
        2,
        "The article: 100 jobs that each read all of 512 MiB, 2 workers",
        INTS_512M,
        [
            Contender(OURS, "{coordinator} --procs 2 --job count --sweep above=1:100 {data}", last_words),
            Contender("C, fork, shared scan", "{scan} shared 2 {data}", last_words),
            Contender("C, fork, 100 passes", "{scan} passes 2 {data}", last_words),
            Contender("JVM, 2 threads, shared scan", "{java} -cp {classes} Threads shared 2 {data}", last_words),
            Contender("numpy, Pool, shared scan", "{numpy} {peers}/pool_numpy.py shared 2 {data}", last_words),
            Contender("PyPy, Pool, 100 passes", "{pypy3} {peers}/pool_pure.py passes 2 {data}", last_words),
        ],
        [
            at_most(0.07, OURS, "PyPy, Pool, 100 passes", "PyPy's Pool"),
            at_most(0.4, OURS, "C, fork, 100 passes", "C that makes 100 passes"),
            at_most(1.0, OURS, "C, fork, shared scan", "C that shares the scan"),
        ],
        "The jobs count the elements above k, for k = 1 to 100. C takes the next k when it is done with one.",
    ),
    Row(
        3,
        "Steady: the sum of 8 GiB of int32, 2 workers",
        INTS_8G,
        [
            Contender(OURS, "{coordinator} --procs 2 --job sum {data}"),
            Contender(C, "{scan} sum 2 {data}"),
            Contender(THREADS, "{java} -cp {classes} Threads sum 2 {data}"),
            Contender(NUMPY, "{numpy} {peers}/pool_numpy.py sum 2 {data}"),
        ],
        [at_most(1.1, OURS, C, "C that forks")],
    ),
]

"""multiprocessing.Pool and nothing else, for CPython and PyPy: pool_pure.py sum|passes PROCS FILE

The data is read before the fork and so shared by it. passes is the article's program: 100 jobs that each read
everything, many more than processes.
"""

import multiprocessing
import os
import sys
from array import array

JOBS = range(2_000_000_001, 2_000_000_101)


def total(part):
    begin, end = part
    if sys.implementation.name == "cpython":
        return sum(memoryview(data)[begin:end])
    n = 0
    for i in range(begin, end):  # what PyPy compiles best
        n += data[i]
    return n


def above(k):
    n = 0
    for x in data:
        if x > k:
            n += 1
    return n


if __name__ == "__main__":
    job, procs, path = sys.argv[1], int(sys.argv[2]), sys.argv[3]
    data = array("i")
    with open(path, "rb") as file:
        data.fromfile(file, os.path.getsize(path) // data.itemsize)
    n = len(data)
    parts = [(n * p // procs, n * (p + 1) // procs) for p in range(procs)]
    with multiprocessing.get_context("fork").Pool(procs) as pool:
        if job == "sum":
            print(sum(pool.map(total, parts)))
        else:
            for k, count in zip(JOBS, pool.map(above, JOBS, chunksize=1)):
                print(f"above={k} {count}")

"""multiprocessing.Pool over numpy.memmap: pool_numpy.py sum|stats|shared PROCS FILE"""

import math
import multiprocessing
import sys

import numpy

JOBS = range(2_000_000_001, 2_000_000_101)
BLOCK = 256 << 10


def total(part):
    begin, end = part
    return int(data[begin:end].sum(dtype=numpy.int64))


def stats(part):
    """Block by block, so that nothing as large as the data is made on the way; squares of 2**31 fit 16 to an int64."""
    begin, end = part
    sums = squares = 0
    low, high = 2**31 - 1, -(2**31)
    for at in range(begin, end, BLOCK):
        block = data[at : min(end, at + BLOCK)]
        wide = block.astype(numpy.int64)
        square = wide * wide
        sums += int(wide.sum())
        squares += (int((square >> 32).sum()) << 32) + int((square & 0xFFFFFFFF).sum())
        low = min(low, int(block.min()))
        high = max(high, int(block.max()))
    return end - begin, sums, low, high, squares


def shared(part):
    begin, end = part
    above = [0] * len(JOBS)
    for at in range(begin, end, BLOCK):
        block = data[at : min(end, at + BLOCK)]
        for i, k in enumerate(JOBS):
            above[i] += int(numpy.count_nonzero(block > k))
    return above


if __name__ == "__main__":
    job, procs, path = sys.argv[1], int(sys.argv[2]), sys.argv[3]
    data = numpy.memmap(path, dtype="<i4", mode="r")
    n = len(data)
    parts = [(n * p // procs, n * (p + 1) // procs) for p in range(procs)]
    with multiprocessing.get_context("fork").Pool(procs) as pool:
        if job == "sum":
            print(sum(pool.map(total, parts)))
        elif job == "stats":
            results = pool.map(stats, parts)
            count, sums, lows, highs, squares = zip(*results)
            count, sums, squares = sum(count), sum(sums), sum(squares)
            mean = sums / count
            deviation = math.isqrt((squares * count - sums * sums) << 40) / count / 2**20
            print(f"count {count}\nsum {sums}\nmin {min(lows)}\nmax {max(highs)}\nmean {mean!r}\nstddev {deviation!r}")
        else:
            for k, counts in zip(JOBS, zip(*pool.map(shared, parts))):
                print(f"above={k} {sum(counts)}")

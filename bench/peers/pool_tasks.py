"""What multiprocessing.Pool takes for tasks that do nothing, and for large results.

pool_tasks.py single|packed|round-trip PROCS FILE    as many tasks as FILE has bytes, or a tenth of that one by one and a
                                                     hundredth in turn
pool_tasks.py large PROCS COUNT                      COUNT results of 4 MiB

Prints the median of several goes in one warm pool; all answers are checked.
"""

import multiprocessing
import os
import statistics
import sys
import time

GOES = 5
LARGE = b"\1" * (4 << 20)


def nothing(parameter):
    return parameter


def large(_):
    return LARGE


def go(how, pool, tasks):
    if how == "single":
        ok = pool.map(nothing, range(tasks), chunksize=1) == list(range(tasks))
    elif how == "packed":
        ok = pool.map(nothing, range(tasks), chunksize=1000) == list(range(tasks))
    elif how == "round-trip":
        ok = all(pool.apply(nothing, (task,)) == task for task in range(tasks))
    else:
        ok = all(len(result) == len(LARGE) for result in pool.imap_unordered(large, range(tasks)))
    if not ok:
        sys.exit("the tasks did not answer what they were given")


if __name__ == "__main__":
    how, procs = sys.argv[1], int(sys.argv[2])
    tasks = int(sys.argv[3]) if how == "large" else os.path.getsize(sys.argv[3])
    tasks = max(1, tasks // {"single": 10, "round-trip": 100}.get(how, 1))
    seconds = []
    with multiprocessing.get_context("fork").Pool(procs) as pool:
        go(how, pool, min(tasks, 1000))
        for _ in range(GOES):
            start = time.perf_counter()
            go(how, pool, tasks)
            seconds.append(time.perf_counter() - start)
    median = statistics.median(seconds)
    if how == "large":
        print(f"GB/s\t{tasks * len(LARGE) / median / 1e9:.4f}")
    elif how == "round-trip":
        print(f"microseconds\t{median / tasks * 1e6:.2f}")
    else:
        print(f"tasks/s\t{tasks / median:.0f}")

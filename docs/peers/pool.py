"""Python's multiprocessing.Pool. It has a timeout for the wait, none for a task, and nothing to resume from."""

import multiprocessing

import task

if __name__ == "__main__":
    with multiprocessing.Pool(2, initializer=task.set_up) as pool:
        print(sum(pool.map_async(task.run, task.TASKS, chunksize=1).get(task.TIMEOUT)))

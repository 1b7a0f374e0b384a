"""Python's concurrent.futures.ProcessPoolExecutor, in a with statement, as its documentation has it. It has a timeout
for the wait, none for a task, and nothing to resume from."""

from concurrent.futures import ProcessPoolExecutor

import task

if __name__ == "__main__":
    with ProcessPoolExecutor(2, initializer=task.set_up) as executor:
        print(sum(executor.map(task.run, task.TASKS, timeout=task.TIMEOUT)))

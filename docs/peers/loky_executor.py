"""loky, which joblib.Parallel runs on. It has a timeout for the wait, none for a task, and nothing to resume from."""

from joblib.externals.loky import get_reusable_executor

import task

if __name__ == "__main__":
    executor = get_reusable_executor(2, initializer=task.set_up)
    print(sum(executor.map(task.run, task.TASKS, timeout=task.TIMEOUT)))

"""A coordinator that stays, for the rows whose commands it answers."""

import os
import subprocess
import time
from contextlib import contextmanager
from statistics import median

from harness import process
from harness.data import MIB

RUNS = 1000
FEW = 10
EARLY, LATE = "ms at the 10th run", "ms at the 1,000th run"
EARLY_MEMORY, LATE_MEMORY = "MiB at the 10th run", "MiB at the 1,000th run"


def disable():
    """Measures what a command is without one, even if this user has one."""
    os.environ["FORKLESS_DAEMON"] = "no"


@contextmanager
def staying(coordinator, scratch):
    """Commands inside are answered by a coordinator of their own that stays: all of them, or the row fails."""
    runtime = scratch / "runtime"
    runtime.mkdir(mode=0o700)
    others = {name: os.environ.get(name) for name in ("FORKLESS_DAEMON", "XDG_RUNTIME_DIR")}
    os.environ["XDG_RUNTIME_DIR"] = str(runtime)
    os.environ.pop("FORKLESS_DAEMON", None)
    try:
        started = daemon(coordinator, "start").split()
        process.STAYING.add(int(started[started.index("pid") + 1].rstrip(",")))
        while "practises" in daemon(coordinator, "status"):
            time.sleep(0.2)
        yield
        runs = next(line for line in daemon(coordinator, "status").splitlines() if line.startswith("runs"))
        if runs.split()[3] != "0":
            raise process.Failed(f"the resident coordinator did not answer all commands: {runs}")
    finally:
        daemon(coordinator, "stop")
        process.STAYING.clear()
        for name, value in others.items():
            os.environ.pop(name, None)
            if value is not None:
                os.environ[name] = value


def daemon(coordinator, action):
    words = [coordinator, "daemon", action]
    done = subprocess.run(words, stdin=subprocess.DEVNULL, capture_output=True, text=True)
    if done.returncode != 0:
        raise process.Failed(f"{words}: {done.stdout}{done.stderr}")
    return done.stdout


def many(words, setting):
    """The same command 1,000 times: how long the last ones take, and what is there in memory after them, beside the first."""
    milliseconds = []
    memory = []
    for number in range(1, RUNS + 1):
        outcome = process.run(words, folder=setting.scratch)
        milliseconds.append(outcome.wall * 1000)
        if number in (FEW, RUNS):
            time.sleep(1)  # for what is still ending
            memory.append(sum(map(proportional, process.living())) / MIB)
    return {
        EARLY: median(milliseconds[FEW // 2:FEW + FEW // 2]),
        LATE: median(milliseconds[-FEW:]),
        EARLY_MEMORY: memory[0],
        LATE_MEMORY: memory[1],
    }, outcome.output


def proportional(pid):
    """Bytes of a process (PSS)."""
    try:
        with open(f"/proc/{pid}/smaps_rollup") as lines:
            return sum(int(line.split()[1]) << 10 for line in lines if line.startswith("Pss:"))
    except OSError:
        return 0  # it has ended

"""The work of every peer in Python, and of GNU parallel: eight tasks, each of which adds up an eighth of numbers.bin.
The fifth misbehaves as DEED says. Task.java is the same for Forkless; a new deed goes into both."""

import array
import ctypes
import mmap
import os
import signal
import subprocess
import sys
import time

TASKS = range(8)
FATAL = 4
BYTES = 128 << 10  # of a task
DEED = os.environ["DEED"]
TIMEOUT = float(os.environ["TIMEOUT"]) if "TIMEOUT" in os.environ else None


def set_up():
    """What a worker does before its first task: loading a library, fetching a licence."""
    note("starts", os.getpid())
    if DEED == "unable":
        print("no licence for this machine", file=sys.stderr)
        sys.exit(1)


def run(task):
    with open("numbers.bin", "rb") as file, mmap.mmap(file.fileno(), 0, prot=mmap.PROT_READ) as numbers:
        if task == FATAL and is_due():
            misbehave()
        answer = sum(array.array("i", numbers[task * BYTES : (task + 1) * BYTES]))
    note("done", task)
    return answer


def is_due():
    """Once, if there is a file of that name, and who removes it is the first; always otherwise."""
    if os.environ.get("ONCE"):
        try:
            os.remove("once")
        except FileNotFoundError:
            return False
    return True


def misbehave():
    if DEED == "kill":
        os.kill(os.getpid(), signal.SIGKILL)
    elif DEED == "exit":
        os._exit(0)
    elif DEED == "crash":
        ctypes.string_at(8)
    elif DEED == "hang":
        while True:
            pass
    elif DEED == "print":
        print("printed by the task", flush=True)
        os.write(1, b"written to file descriptor 1\n")
        subprocess.run(["echo", "printed by a child"])
    elif DEED == "wait":
        note("reached", os.getpid())
        while not os.path.exists("go"):
            time.sleep(0.01)


def note(name, what):
    with open(name, "a") as file:
        file.write(f"{what}\n")


if __name__ == "__main__":  # for GNU parallel
    set_up()
    print(run(int(sys.argv[1])))

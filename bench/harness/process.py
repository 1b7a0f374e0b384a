"""Runs a command from start to exit, together with everything that it starts."""

import ctypes
import os
import shlex
import shutil
import signal
import tempfile
import time
from dataclasses import dataclass

PR_SET_CHILD_SUBREAPER = 36
LINGERING_SECONDS = 10

# Children that outlive a command.
STAYING = set()


class Failed(Exception):
    """A command that did not do what it is for; the message says how."""


@dataclass(frozen=True)
class Outcome:
    """wall: seconds from the start of the process to its exit. cpu: user and system seconds of it and of all that it
    started, whoever waited for them."""

    wall: float
    cpu: float
    output: str


def adopt_orphans():
    """Processes whose parent is gone become children of this one, so that wait4 has their CPU time too: that of a
    launcher's, a worker's that is still ending when its coordinator has answered."""
    if ctypes.CDLL(None, use_errno=True).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "cannot become a subreaper")


def spawn(command, output, errors, folder=None):
    path = shutil.which(command[0]) or command[0]
    actions = [
        (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
        (os.POSIX_SPAWN_DUP2, output.fileno(), 1),
        (os.POSIX_SPAWN_DUP2, errors.fileno(), 2),
    ]
    before = os.getcwd()
    if folder:
        os.chdir(folder)
    try:
        return os.posix_spawn(path, command, os.environ, file_actions=actions)
    finally:
        os.chdir(before)


def run(command, folder=None, exit_codes=(0,)):
    """The outcome of a command, when its last process is gone. Raises Failed when it exits with another code."""
    with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as errors:
        start = time.perf_counter()
        pid = spawn(command, output, errors, folder)
        _, status, usage = os.wait4(pid, 0)
        wall = time.perf_counter() - start
        cpu = usage.ru_utime + usage.ru_stime + sum(cpu for _, cpu in reap_rest(command))
        output.seek(0)
        text = output.read().decode()
        code = os.waitstatus_to_exitcode(status)
        if code not in exit_codes:
            errors.seek(0)
            said = errors.read().decode(errors="replace").strip() or text.strip()
            raise Failed(f"exit code {code} of: {shlex.join(command)}\n{said[-2000:]}")
        return Outcome(wall, cpu, text)


def reap_rest(what):
    """Waits until no child is left but those that stay; (pid, CPU seconds) of each that ended."""
    ended = []
    deadline = time.monotonic() + LINGERING_SECONDS
    while True:
        try:
            pid, _, usage = os.wait4(-1, os.WNOHANG)
        except ChildProcessError:
            return ended
        if pid:
            ended.append((pid, usage.ru_utime + usage.ru_stime))
        elif STAYING.issuperset(children(os.getpid())):
            return ended
        elif time.monotonic() > deadline:
            left = end_children()
            raise Failed(f"{LINGERING_SECONDS} s after its end, processes of {what} were still there: {left}")
        else:
            time.sleep(0.001)


def end_children():
    """Kills and returns what is left of processes that were started here."""
    left = children(os.getpid())
    for child in left:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
    return left


def children(pid):
    """The process ids of the children of a process, oldest first."""
    found = []
    for task in os.listdir(f"/proc/{pid}/task"):
        with open(f"/proc/{pid}/task/{task}/children") as file:
            found += [int(child) for child in file.read().split()]
    return sorted(found)


def living():
    """Whoever was started here and has not ended, by children too, of whom orphans were adopted."""
    found, parents = [], [os.getpid()]
    while parents:
        try:
            born = children(parents.pop())
        except OSError:
            continue  # gone meanwhile
        found += born
        parents += born
    return [pid for pid in found if not is_dead(pid)]


def is_dead(pid):
    """Also one that awaits its parent; if that is this process, it is buried."""
    try:
        os.waitpid(pid, os.WNOHANG)
    except ChildProcessError:
        pass  # somebody else's child, or waited for already
    try:
        with open(f"/proc/{pid}/stat") as file:
            return file.read().rpartition(")")[2].split()[0] in "ZX"
    except OSError:
        return True


def end_all():
    """Kills whoever is still living."""
    while left := living():
        for pid in left:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                pass  # gone meanwhile
        time.sleep(0.01)

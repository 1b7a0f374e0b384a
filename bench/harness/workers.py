"""What the rows about workers themselves look at: memory in place, and a worker's start."""

import os
import subprocess
import time
from contextlib import contextmanager

from harness import process
from harness.data import MIB, resident
from harness.measure import CPU_SECONDS, SECONDS, timed

SHARE, WORKER, COORDINATOR, ALL = "dataset's PSS / resident", "MiB a worker", "MiB the coordinator", "MiB in all"
DEADLINE_SECONDS = 120

# A shell, as a coordinator has one, moves the protocol to the file descriptors 3 and 4; see WorkerMain.
SHELL = ["/bin/sh", "-c", 'exec "$@" 3<&0 4>&1 0</dev/null 1>&2', "bench-worker"]


@contextmanager
def held(words, setting):
    """A run of the job Hold, the command in words, at the point where all its work is done; gives the coordinator's
    process id. It goes on afterwards, and must end well."""
    until = setting.scratch / "until"
    reached = setting.scratch / "until.held"
    until.touch()
    run = subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    try:
        deadline = time.monotonic() + DEADLINE_SECONDS
        while not reached.exists():
            if run.poll() is not None or time.monotonic() > deadline:
                raise process.Failed(f"never held: {words}")
            time.sleep(0.01)
        yield run.pid
    finally:
        until.unlink()
        code = run.wait()
        reached.unlink(missing_ok=True)
        process.reap_rest(words)
    if code != 0:
        raise process.Failed(f"exit code {code} of {words}")


def memory(words, setting):
    """words: of the job Hold, the dataset last. Proportional sizes (PSS): of the dataset over all workers, beside it of
    the largest worker, of the coordinator."""
    data = words[-1]
    with held(words, setting) as coordinator:
        size = resident(data) * os.path.getsize(data)
        sizes = [proportional(pid, data) for pid in process.children(coordinator)]
        own, _ = proportional(coordinator, data)
    workers = [(beside, of_data) for beside, of_data in sizes if of_data > 0]
    return {
        WORKER: max(beside for beside, _ in workers) / MIB,
        COORDINATOR: own / MIB,
        SHARE: sum(of_data for _, of_data in workers) / size,
        ALL: (own + sum(beside for beside, _ in sizes)) / MIB,
    }, ""


def growth(words, setting):
    """The run's time, and then its memory beside the dataset."""
    figures, output = timed(words, setting)
    (setting.scratch / "until.held").unlink()
    if int(output) != os.path.getsize(words[-1]):
        raise process.Failed(f"{output.strip()} bytes counted in {words[-1]}")
    return figures | {ALL: memory(words, setting)[0][ALL]}, output


def proportional(pid, data):
    """Bytes of a process beside a dataset, and of the dataset."""
    beside = of_data = 0
    is_data = False
    with open(f"/proc/{pid}/smaps") as smaps:
        for line in smaps:
            if line.startswith("Pss:"):
                size = int(line.split()[1]) << 10
                of_data += size if is_data else 0
                beside += 0 if is_data else size
            elif not line.endswith("kB\n") and not line.startswith("VmFlags"):
                is_data = line.endswith(f" {data}\n")
    return beside, of_data


class Launch:
    """Starts workers as a coordinator does: with the command line that one was seen to use, and the request to map the
    dataset on its stdin. others: so many are there already, and wait."""

    def __init__(self, others):
        self.others = others

    def __call__(self, words, setting):
        """words: of the job Hold. The figures of one worker: it maps the dataset, says so, finds that nothing more is
        asked of it, and ends."""
        command = self.learn(words, setting)
        request = setting.scratch / "request"
        if not request.exists():
            opening = "{java} -cp {library} io.github.forkless.bench.OpenRequest {data} {scratch}/request"
            process.run(setting.words(opening))
        waiting = [self.start(command, request) for _ in range(self.others)]
        try:
            for worker in waiting:
                await_mapping(worker.pid, words[-1])
            return self.one(command, request)
        finally:
            for worker in waiting:
                worker.stdin.close()  # nothing more will come: it ends
                worker.wait()
            process.reap_rest(command)

    def learn(self, words, setting):
        remembered = setting.scratch / "command"
        if not remembered.exists():
            with held(words, setting) as coordinator:
                lines = [open(f"/proc/{pid}/cmdline").read() for pid in process.children(coordinator)]
            remembered.write_text(next(line for line in lines if "WorkerMain" in line))
        command = remembered.read_text().rstrip("\0").split("\0")
        return SHELL + command[:-1] + [str(os.getpid())]  # the last argument is the parent that it watches

    def start(self, command, request):
        worker = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        worker.stdin.write(request.read_bytes())
        worker.stdin.flush()
        return worker

    def one(self, command, request):
        answers = request.with_name("answers")
        with open(request, "rb") as requests, open(answers, "wb") as out, open(os.devnull, "wb") as null:
            actions = [(os.POSIX_SPAWN_DUP2, f.fileno(), n) for n, f in enumerate((requests, out, null))]
            start = time.perf_counter()
            pid = os.posix_spawn(command[0], command, os.environ, file_actions=actions)
            _, status, usage = os.wait4(pid, 0)
            wall = time.perf_counter() - start
        if status != 0 or answers.stat().st_size == 0:
            raise process.Failed(f"exit code {os.waitstatus_to_exitcode(status)}, or nothing said, by {command}")
        return {SECONDS: wall, CPU_SECONDS: usage.ru_utime + usage.ru_stime}, ""


def await_mapping(pid, data):
    deadline = time.monotonic() + DEADLINE_SECONDS
    while time.monotonic() < deadline:
        with open(f"/proc/{pid}/maps") as maps:
            if f" {data}\n" in maps.read():
                time.sleep(0.05)  # to say so, and to wait
                return
        time.sleep(0.01)
    raise process.Failed(f"the worker {pid} did not map {data}")

"""The cases and the peers of docs/peers/run, each in one place.

A case: what happens to the fifth of eight tasks (a deed of task.py and Task.java), and what is done from outside
meanwhile. A peer: a script that adds up numbers.bin in eight tasks with two workers and prints the sum, or partial sums
line by line. It finds in its environment TIMEOUT, where it should end a task that takes longer (seconds), and JOURNAL,
where it should remember in that file what is finished. What it has nothing for it leaves alone.
"""

from dataclasses import dataclass

RIGHT, WRONG, FAILS, HANGS = "right answer", "WRONG answer, exit 0", "fails", "HANGS"


@dataclass(frozen=True)
class Case:
    """once: happens only to the first who comes to it. meanwhile: a method of run's Trial. promise: how Forkless ends.
    ray: what Ray's documentation says."""

    name: str
    words: str
    deed: str
    promise: str
    ray: str
    once: bool = False
    timeout: int = 0  # seconds
    meanwhile: str = ""


TASKS = "https://docs.ray.io/en/latest/ray-core/fault_tolerance/tasks.html"
RETRIED = f"tried again 3 times ([tasks]({TASKS}))"
SILENT = "not said"

CASES = [
    Case("killed", "SIGKILL of a worker", "kill", RIGHT, RETRIED, once=True),
    Case("exit", "exit code 0, no answer", "exit", RIGHT, SILENT, once=True),
    Case("crash", "SIGSEGV in native code", "crash", RIGHT, RETRIED, once=True),
    Case(
        "hang",
        "a task hangs; timeout 2 s",
        "hang",
        RIGHT,
        f"`ray.cancel` by hand, no retry ([tasks]({TASKS}))",
        once=True,
        timeout=2,
    ),
    Case(
        "poison",
        "a task kills every worker that tries it",
        "kill",
        FAILS,
        f"an error after the retries ([tasks]({TASKS}))",
    ),
    Case(
        "prints",
        "a task, native code and a child print to stdout",
        "print",
        RIGHT,
        "to the driver's stdout, with task and pid"
        " ([logging](https://docs.ray.io/en/latest/ray-observability/user-guides/configure-logging.html))",
    ),
    Case("unable", "no worker can start", "unable", FAILS, SILENT),
    Case(
        "orphans",
        "a second after SIGKILL of the coordinator",
        "hang",
        "no process left",
        "workers, unless they crash, end children of their tasks"
        " ([processes](https://docs.ray.io/en/latest/ray-core/user-spawn-processes.html))",
        meanwhile="kill_coordinator",
    ),
    Case(
        "resume",
        "SIGKILL of the coordinator after 7 of 8 tasks; then the same command",
        "wait",
        RIGHT,
        SILENT,
        meanwhile="kill_and_start_again",
    ),
    Case(
        "truncated",
        "data truncated before a task reads it",
        "wait",
        FAILS,
        SILENT,
        meanwhile="truncate",
    ),
]

HARMLESS = Case("harmless", "nothing goes wrong", "nothing", RIGHT, SILENT, once=True)


@dataclass(frozen=True)
class Peer:
    """version: a command that prints it first. package: Debian's."""

    name: str
    script: str
    version: str
    package: str = ""


PYTHON = "python3"  # stands for the interpreter that runs all of this
PEERS = [
    Peer("Forkless", "forkless.sh", "../../coordinator/bin/coordinator --version"),
    Peer("multiprocessing.Pool", "pool.py", "python3 --version"),
    Peer("ProcessPoolExecutor", "executor.py", "python3 --version"),
    Peer(
        "loky (of joblib)",
        "loky_executor.py",
        "python3 -c 'import joblib; from joblib.externals import loky;"
        " print(f\"joblib {joblib.__version__}, loky {loky.__version__}\")'",
        "python3-joblib",
    ),
    Peer("GNU parallel", "parallel.sh", "parallel --version", "parallel"),
]

"""What is measured: the rows, who takes part in each, and what is aimed at."""

import math
from dataclasses import replace

from harness.data import (
    BYTES_1M, BYTES_4K, FEW_ROWS_10K, FEW_ROWS_413, INTS_1G, INTS_2G, INTS_4G, INTS_512M, INTS_64K, INTS_8G, PROSE, ROWS_10K, ROWS_413,
)
from harness.measure import (
    CPU_SECONDS, OWN_MIB, SECONDS, Contender, Row, Target, at_most, cost, empty, evict, exponent, fastest, own_figures,
)
from harness.resident import EARLY, EARLY_MEMORY, LATE, LATE_MEMORY, many
from harness.workers import ALL, COORDINATOR, SHARE, WORKER, Launch, growth, memory

OURS = "Forkless"
THREADS = "JVM, 2 threads"
C = "C, fork"
NUMPY = "numpy, Pool"
PYPY = "PyPy, Pool"

NEEDLE = "needle"


def sum_of(text):
    """The only number."""
    return int(text)


def last_words(text):
    """One number for each line: the last word."""
    return [int(line.split()[-1]) for line in text.splitlines()]


def words_counted(text):
    """Lines, words, bytes: ours on lines of their own with names, those of wc on one with the path behind."""
    return [int(word) for word in text.split() if word.isdigit()][:3]


def statistics(text):
    """Lines of name and value."""
    return [float(value) if set(value) & set(".eE") else int(value) for _, value in map(str.split, text.splitlines())]


def is_uniform_int32(text):
    """Whether statistics are those of numbers drawn from all of int32: to 6 standard errors."""
    count, total, _, _, _, deviation = statistics(text)
    expected = 2**32 / math.sqrt(12)
    return abs(total / count + 0.5) < 6 * expected / math.sqrt(count) and abs(deviation / expected - 1) < 6 / math.sqrt(count)


def figure_at_least(limit, ours, unit):
    return Target(f"at least {limit:,} {unit}", limit, lambda r: r.median(ours, unit), at_least=True, unit=unit)


SUM_8G = [
    Contender(OURS, "{coordinator} --procs 2 --job sum {data}", sum_of),
    Contender(C, "{scan} sum 2 {data}", sum_of),
    Contender(THREADS, "{java} -cp {classes} Threads sum 2 {data}", sum_of),
    Contender(NUMPY, "{numpy} {peers}/pool_numpy.py sum 2 {data}", sum_of),
]

STATS_8G = [
    Contender(OURS, "{coordinator} --procs 2 --job stats {data}", statistics),
    Contender(C, "{scan} stats 2 {data}", statistics),
    Contender(THREADS, "{java} -cp {classes} Threads stats 2 {data}", statistics),
    Contender(NUMPY, "{numpy} {peers}/pool_numpy.py stats 2 {data}", statistics),
]

SUM_512M = [
    Contender(OURS, "{coordinator} --procs 2 --job sum {data}", sum_of),
    Contender(THREADS, "{java} -cp {classes} Threads sum 2 {data}", sum_of),
    Contender(C, "{scan} sum 2 {data}", sum_of),
    Contender(NUMPY, "{numpy} {peers}/pool_numpy.py sum 2 {data}", sum_of),
]

JOBS_512M = [
    Contender(OURS, "{coordinator} --procs 2 --job count --sweep above=2000000001:2000000100 {data}", last_words),
    Contender("C, shared scan", "{scan} shared 2 {data}", last_words),
]

SCALING_8G = [
    Contender("Forkless, 1 worker", "{coordinator} --procs 1 --job sum {data}", sum_of),
    Contender("Forkless, 2 workers", "{coordinator} --procs 2 --job sum {data}", sum_of),
    Contender("C, 1 process", "{scan} sum 1 {data}", sum_of),
    Contender("C, 2 processes", "{scan} sum 2 {data}", sum_of),
]


def scaling(least):
    return Target(
        f"at least {least:g} x the lesser of 1.95 and what C gains",
        least,
        lambda result: result.median("Forkless, 1 worker")
        / result.median("Forkless, 2 workers")
        / min(1.95, result.median("C, 1 process") / result.median("C, 2 processes")),
        at_least=True,
    )


BRC_ENTRIES = ("thomaswue", "artsiomkorzun", "jerrinot", "serkan_ozal", "royvanrijn", "mtopolnik", "abeobk")
BRC_ENTRY_NAMES = [f"1BRC, {entry}" for entry in BRC_ENTRIES]
DUCKDB = "DuckDB, 2 threads"


def brc_contenders(with_duckdb):
    """Entries read a file of a fixed name in the folder that they are started in."""
    in_folder = "/bin/sh -c 'ln -sf \"$0\" measurements.txt && exec \"$@\"' {data} "
    duckdb = "{java} --enable-native-access=ALL-UNNAMED -cp {classes}:{duckdb} DuckDb 2 {data}"
    return [
        Contender(OURS, "{coordinator} --procs 2 --job 1brc {data}"),
        *(Contender(name, in_folder + f"{{entry_{entry}}}", foreign=True) for name, entry in zip(BRC_ENTRY_NAMES, BRC_ENTRIES)),
        *([Contender(DUCKDB, duckdb)] if with_duckdb else []),
    ]


def fastest_entry(limit):
    return Target(
        f"at most {limit:g} x the fastest entry on this JVM",
        limit,
        lambda result: result.median(OURS) / fastest(result, BRC_ENTRY_NAMES),
        seconds=lambda result: limit * fastest(result, BRC_ENTRY_NAMES),
    )


SLOW_BRC = "{python} {peers}/brc_slow.py {data}"

NOTHING = "sh -c true"
SLICES, PACKED, SUBMITTED, ROUND_TRIP = (
    "Forkless, tasks of one job, one by one",
    "Forkless, packed",
    "Forkless, each a run of its own",
    "Forkless, round trip",
)
PIPE_APART = "C, pipe, round trip between cores"
OBJECTS = "{java} @{peers}/../../docs/examples/chronicle.options -Xmx2g -cp {library} io.github.forkless.bench.ObjectRates"
RECORDS = "Forkless, records"
TABLE = "Forkless, table"
COLUMNS = "Forkless, columns"
SERIALIZED = "Java serialization"

EMPTY_TASKS = "{java} -cp {library} io.github.forkless.bench.EmptyTasks"

HOLD = "--class-path {probes} --job io.github.forkless.bench.Hold --param until={scratch}/until"
GROWING_BYTES = {"512 MiB": INTS_512M, "1 GiB": INTS_1G, "2 GiB": INTS_2G, "4 GiB": INTS_4G}
GROWING_TASKS = (100, 1_000, 10_000, 100_000)
GROWING_WORKERS = (1, 8, 64)

WORKER_START, WORKER_32ND, HELLO = "Forkless, a worker", "Forkless, the 32nd worker", "java Hello"
WRITTEN, WRITTEN_SYNCED = "numpy", "numpy, fsync"


def grows(what, first, last, factor, unit):
    return Target(
        f"{what} x {factor:,}: {'time' if unit == SECONDS else 'memory'} at most x {factor:,}",
        factor,
        lambda result: result.median(last, unit) / result.median(first, unit),
    )


def growing(first, last):
    return tuple((name, unit) for name in (first, last) for unit in (SECONDS, ALL))


GROWING = "{java} -cp {library} io.github.forkless.bench.Growing"

# Twice as much may cost 2.2 times as much.
MOST_EXPONENT = round(math.log2(2.2), 2)


def grown(kind, largest, title, note="", command=None, minutes=2, heap="", targets=()):
    """A row of what grows up to largest, in four sizes, each twice the one before; what each costs beyond a start. heap: an
    option of the program's JVM. Each is run once: it is the exponent that counts."""
    sizes = [largest >> halved for halved in (3, 2, 1, 0)]
    names = [f"{size:,}" for size in sizes]

    def fits(unit, what):
        return Target(
            f"{what} grows as n^k, k at most {MOST_EXPONENT}",
            MOST_EXPONENT,
            lambda result: exponent(sizes, [max(result.median(name, unit), 0.01) for name in names]),
            unit="= k",
        )

    return Row(
        f"16-{kind}",
        f"Growth: {title}",
        minutes,
        (BYTES_4K,) if command else (),
        [
            Contender(
                name,
                f"{command} {{data}}".replace("SIZE", f"{{scaled:{size}}}")
                if command
                else f"{GROWING} {kind} {{scaled:{size}}} 2 {{scratch}}".replace("-cp", f"{heap} -cp".strip(), 1),
                None,
                run=cost if command else own_figures,
            )
            for name, size in zip(names, sizes)
        ],
        [fits(CPU_SECONDS, "CPU time"), *([] if command else [fits(OWN_MIB, "memory")]), *targets],
        note,
        runs=0,
    )


def again(id, title, minutes, data, contenders, targets, **more):
    """A row whose commands of ours a coordinator that stays answers."""
    return Row(
        id,
        f"Again and again, with a coordinator that stays: {title}, 2 workers",
        minutes,
        (data,),
        [
            replace(contender, command=contender.command.replace("{coordinator}", "{installed}"))
            for contender in contenders
        ],
        targets,
        "CPU time of ours is the launcher's alone.",
        stays=True,
        **more,
    )


ROWS = [
    Row(
        "1",
        "One shot: the sum of 512 MiB of int32, 2 workers",
        2,
        (INTS_512M,),
        [
            *SUM_512M,
            Contender(PYPY, "{pypy3} {peers}/pool_pure.py sum 2 {data}", sum_of),
            Contender("CPython, Pool", "{python} {peers}/pool_pure.py sum 2 {data}", sum_of),
        ],
        [at_most(1.1, OURS, THREADS, "one JVM with 2 threads"), at_most(0.65, OURS, NUMPY, "numpy's Pool")],
    ),
    Row(
        "2",
        "The article: 100 jobs that each read all of 512 MiB, 2 workers",
        3,
        (INTS_512M,),
        [
            *JOBS_512M,
            Contender("C, 100 passes", "{scan} passes 2 {data}", last_words),
            Contender("JVM, 2 threads, shared scan", "{java} -cp {classes} Threads shared 2 {data}", last_words),
            Contender("numpy, Pool, shared scan", "{numpy} {peers}/pool_numpy.py shared 2 {data}", last_words),
            Contender("PyPy, Pool, 100 passes", "{pypy3} {peers}/pool_pure.py passes 2 {data}", last_words),
        ],
        [
            at_most(0.07, OURS, "PyPy, Pool, 100 passes", "PyPy's Pool"),
            at_most(0.4, OURS, "C, 100 passes", "C that makes 100 passes"),
            at_most(1.0, OURS, "C, shared scan", "C that shares the scan"),
        ],
        "Each job counts the elements above a limit. Few are: PyPy compiles the comparison to a branch, and would be slowed"
        " down three times more by limits that the processor cannot predict; the others do not branch.",
    ),
    Row("3-sum", "Steady: the sum of 8 GiB of int32, 2 workers", 3, (INTS_8G,), SUM_8G, [at_most(1.1, OURS, C, "C that forks")]),
    Row(
        "3-stats",
        "Steady: count, sum, minimum, maximum, mean and standard deviation of 8 GiB, 2 workers",
        4,
        (INTS_8G,),
        STATS_8G,
        [at_most(1.5, OURS, C, "C that forks")],
        "All add up the squares exactly.",
    ),
    Row(
        "4",
        "Scaling: the sum of 8 GiB, from 1 worker to 2",
        3,
        (INTS_8G,),
        SCALING_8G,
        [scaling(1)],
    ),
    Row(
        "5",
        "1BRC: 100 million rows of 413 names",
        4,
        (ROWS_413,),
        brc_contenders(with_duckdb=True),
        [fastest_entry(1), at_most(0.2, OURS, DUCKDB, "DuckDB")],
        "The data is made by the challenge's rules, with names of our own. Entries run with the JVM options of their scripts.",
        check=(FEW_ROWS_413, SLOW_BRC),
    ),
    Row(
        "6",
        "1BRC: 50 million rows of 10,000 names of up to 100 bytes",
        3,
        (ROWS_10K,),
        brc_contenders(with_duckdb=False),
        [fastest_entry(1)],
        check=(FEW_ROWS_10K, SLOW_BRC),
    ),
    Row(
        "7",
        "Empty tasks, 2 workers",
        4,
        (BYTES_1M,),
        [
            Contender(SLICES, EMPTY_TASKS + " slices 2 {data}", None, run=own_figures),
            Contender(PACKED, EMPTY_TASKS + " packed 2 {data}", None, run=own_figures),
            Contender(SUBMITTED, EMPTY_TASKS + " submitted 2 {data}", None, run=own_figures),
            Contender(ROUND_TRIP, EMPTY_TASKS + " round-trip 2 {data}", None, run=own_figures),
            Contender(PIPE_APART, "{pipe} round-trip-apart {scaled:20000}", None, run=own_figures),
            Contender("C, pipe, round trip", "{pipe} round-trip {scaled:20000}", None, run=own_figures),
            Contender("Python, Pool, one by one", "{python} {peers}/pool_tasks.py single 2 {data}", None, run=own_figures),
            Contender("Python, Pool, packed", "{python} {peers}/pool_tasks.py packed 2 {data}", None, run=own_figures),
            Contender("Python, Pool, round trip", "{python} {peers}/pool_tasks.py round-trip 2 {data}", None, run=own_figures),
        ],
        [
            figure_at_least(200_000, SLICES, "tasks/s"),
            figure_at_least(5_000_000, PACKED, "tasks/s"),
            Target(
                "a round trip at most 2 x a pipe's between cores",
                2.0,
                lambda r: r.median(ROUND_TRIP, "microseconds") / r.median(PIPE_APART, "microseconds"),
            ),
        ],
        "Measured inside warm programs that check each answer: what a pool does over and over, without its start. One by"
        " one: each task is a message of its own, and so is its answer; a few are dealt ahead. A round trip of ours is a whole"
        " run: the function is sent and loaded, applied once, and forgotten.",
        shown=(
            (SLICES, "tasks/s"),
            ("Python, Pool, one by one", "tasks/s"),
            (ROUND_TRIP, "microseconds"),
            (PIPE_APART, "microseconds"),
            ("Python, Pool, round trip", "microseconds"),
        ),
    ),
    Row(
        "8",
        "Results of 4 MiB, 2 workers",
        2,
        (),
        [
            Contender(OURS, "{java} -cp {library} io.github.forkless.bench.LargeResults 2 {scaled:256}", None, run=own_figures),
            Contender("C, pipe", "{pipe} bulk 2 {scaled:256}", None, run=own_figures),
            Contender("Python, Pool", "{python} {peers}/pool_tasks.py large 2 {scaled:256}", None, run=own_figures),
        ],
        [
            Target(
                "at least 0.8 x what a pipe moves",
                0.8,
                lambda result: result.median(OURS, "GB/s") / result.median("C, pipe", "GB/s"),
                at_least=True,
            )
        ],
        "Measured inside warm programs. Two processes send, one receives; the bytes are at hand where they are sent.",
        shown=((OURS, "GB/s"), ("C, pipe", "GB/s"), ("Python, Pool", "GB/s")),
    ),
    Row(
        "9",
        "A worker's start, with 512 MiB to map",
        2,
        (INTS_512M,),
        [
            Contender(WORKER_START, "{coordinator} --procs 1 " + HOLD + " {data}", None, run=Launch(others=0)),
            Contender(WORKER_32ND, "{coordinator} --procs 1 " + HOLD + " {data}", None, run=Launch(others=31)),
            Contender(HELLO, "{java} -cp {classes} Hello", None),
        ],
        [
            at_most(2, WORKER_START, HELLO, "java Hello"),
            Target(
                "CPU of the 32nd at most 2 x java Hello's",
                2.0,
                lambda r: r.median(WORKER_32ND, CPU_SECONDS) / r.median(HELLO, CPU_SECONDS),
            ),
        ],
        "A worker is started with the command line that a coordinator was seen to use, and is asked for nothing but to map"
        " the data: it says that it is there, maps, finds no more requests, and ends. Start to exit, as for java Hello, which"
        " is started as it comes. The 32nd starts beside 31 that wait.",
    ),
    Row(
        "10",
        "Memory of N workers over 512 MiB",
        1,
        (INTS_512M,),
        [
            Contender(f"{n} workers", f"{{coordinator}} --procs {n} {HOLD} {{data}}", None, run=memory) for n in (2, 8)
        ],
        [
            Target(
                "the dataset counted once: at most 1.01 x its resident size",
                1.01,
                lambda r: max(r.median(f"{n} workers", SHARE) for n in (2, 8)),
            ),
            Target("at most 40 MiB a worker beside it", 40, lambda r: r.median("2 workers", WORKER), unit="MiB"),
            Target("at most 80 MiB for the coordinator", 80, lambda r: r.median("2 workers", COORDINATOR), unit="MiB"),
        ],
        "Proportional sizes (PSS) of the coordinator and its workers when all slices are done and every worker waits; of"
        " workers, the largest. What JVMs share, such as their code, counts less for each the more there are.",
        shown=(("2 workers", WORKER), ("2 workers", COORDINATOR), ("8 workers", ALL)),
    ),
    Row(
        "11",
        "Cold cache: the sum of 4 GiB",
        3,
        (INTS_4G,),
        [
            Contender(OURS, "{coordinator} --procs 2 --job sum {data}", sum_of),
            Contender("dd, direct", "dd if={data} of=/dev/null iflag=direct bs=4M", None),
            Contender(C, "{scan} sum 2 {data}", sum_of),
            Contender("cat", "/bin/sh -c 'cat \"$0\" >/dev/null' {data}", None),
        ],
        [
            Target(
                "at least 0.95 x the rate of dd iflag=direct",
                0.95,
                lambda result: result.median("dd, direct") / result.median(OURS),
                at_least=True,
                seconds=lambda result: result.median("dd, direct") / 0.95,
            )
        ],
        "Before each run the file is taken out of the page cache, and nothing else.",
        before=evict,
    ),
    Row(
        "12",
        "Writing 128 Mi random int32",
        2,
        (),
        [
            Contender(name, command, is_uniform_int32, then="{coordinator} --job stats {scratch}/new.bin")
            for name, command in (
                (OURS, "{coordinator} generate --count {scaled:134217728} {scratch}/new.bin"),
                (WRITTEN_SYNCED, "{numpy} {peers}/write_numpy.py {scaled:134217728} {scratch}/new.bin --sync"),
                (WRITTEN, "{numpy} {peers}/write_numpy.py {scaled:134217728} {scratch}/new.bin"),
            )
        ],
        [
            at_most(1.0, OURS, WRITTEN_SYNCED, "numpy that waits for the disk, as we do"),
            at_most(1.0, OURS, WRITTEN, "numpy that leaves the file in the page cache"),
        ],
        "The file is new each time. Ours is on the disk when the command ends. The bytes differ, since the generators do;"
        " that they are uniform is checked.",
        before=empty,
    ),
    Row(
        "13-wc",
        "wc of 4 GiB of text, 2 workers",
        3,
        (PROSE,),
        [
            Contender(OURS, "{coordinator} --procs 2 --job wc {data}", words_counted),
            Contender("coreutils wc", "env LC_ALL=C wc {data}", words_counted),
        ],
        [at_most(1.0, OURS, "coreutils wc", "coreutils wc")],
    ),
    Row(
        "13-grep",
        "grep -c of a plain pattern in 4 GiB of text, 2 workers",
        1,
        (PROSE,),
        [
            Contender(OURS, f"{{coordinator}} --procs 2 --job grep --param pattern={NEEDLE} {{data}}", sum_of),
            Contender("GNU grep", f"env LC_ALL=C grep -c {NEEDLE} {{data}}", sum_of),
        ],
        [at_most(1.0, OURS, "GNU grep", "GNU grep")],
        "One line in a hundred matches.",
    ),
    Row(
        "14-bytes",
        "Growth: bytes x 2",
        2,
        tuple(GROWING_BYTES.values()),
        [
            Contender(label, f"{{coordinator}} --procs 2 {HOLD} {{{data.label}}}", None, run=growth)
            for label, data in GROWING_BYTES.items()
        ],
        [grows("bytes", "512 MiB", "4 GiB", 8, SECONDS), grows("bytes", "512 MiB", "4 GiB", 8, ALL)],
        "The job touches every page. Memory is that of the coordinator and its workers beside the dataset (PSS), when all"
        " is done and everybody still there.",
        shown=growing("512 MiB", "4 GiB"),
    ),
    Row(
        "14-tasks",
        "Growth: tasks x 10, 1 MiB, 2 workers",
        2,
        (BYTES_1M,),
        [
            Contender(f"{n:,} tasks", f"{{coordinator}} --procs 2 --type int8 --tasks {n} {HOLD} {{data}}", None, run=growth)
            for n in GROWING_TASKS
        ],
        [
            grows("tasks", "100 tasks", "100,000 tasks", 1000, SECONDS),
            grows("tasks", "100 tasks", "100,000 tasks", 1000, ALL),
        ],
        shown=growing("100 tasks", "100,000 tasks"),
    ),
    Row(
        "14-workers",
        "Growth: workers x 8, 1 GiB",
        3,
        (INTS_1G,),
        [
            Contender(f"{n} worker" + "s" * (n > 1), f"{{coordinator}} --procs {n} {HOLD} {{data}}", None, run=growth)
            for n in GROWING_WORKERS
        ],
        [
            grows("workers", "1 worker", "64 workers", 64, SECONDS),
            grows("workers", "1 worker", "64 workers", 64, ALL),
        ],
        shown=growing("1 worker", "64 workers"),
    ),
    Row(
        "15",
        "2 M objects that 2 workers read",
        2,
        (),
        [
            Contender(name, OBJECTS + f" {way} 2 {{scaled:2000000}}", None, run=own_figures)
            for name, way in (
                (RECORDS, "records"),
                (TABLE, "table"),
                (COLUMNS, "columns"),
                (SERIALIZED, "serialization"),
            )
        ],
        [
            Target(
                "read at least 2 x as fast as by serialization",
                2.0,
                lambda r: r.median(RECORDS, "M/s read") / r.median(SERIALIZED, "M/s read"),
                at_least=True,
            )
        ],
        "Measured inside warm programs that check the sum of all fields: a long, a double, an int and a string each, in millions"
        " of objects a second, written once and read by every worker. A table is made of records and read by columns, and makes"
        " strings. Columns are four shared arrays, and make no objects.",
        shown=((RECORDS, "M/s read"), (TABLE, "M/s read"), (COLUMNS, "M/s read"), (SERIALIZED, "M/s read")),
    ),
    grown(
        "names",
        5_000_000,
        "names of the One Billion Row Challenge, two rows each",
        "What the program and its workers take in all, from when the pool is open and warm; memory is what they have for"
        " themselves at the end. So in all rows of this number, but for sets.",
    ),
    grown("words", 20_000_000, "distinct words of `top`, each twice", minutes=5),
    grown("bins", 10_000_000, "bins of a histogram of 4 M numbers"),
    grown("partials", 8_000_000, "bytes of each of 16 partials, which are joined"),
    grown("large", 100_000_000, "bytes of each of 50 partials, which are added up", "The program has 1 GiB.", heap="-Xmx1g"),
    grown("map", 10_000_000, "parameters of `map`"),
    grown("stream", 10_000_000, "parameters of `stream`", "The program has 256 MiB.", heap="-Xmx256m"),
    grown(
        "sets",
        10_000_000,
        "parameter sets of a sweep",
        "The whole command, its start and its answer included.",
        "{coordinator} --procs 2 --job count --type int8 --sweep above=1:SIZE",
    ),
    grown("tasks", 1_000_000, "tasks over 4 M numbers", "There can be 1,048,576.", minutes=1),
    grown("runs", 100_000, "runs in flight", minutes=1),
    grown(
        "workers",
        500,
        "workers that all have something to do",
        "Each takes about 20 MiB.",
        minutes=5,
        targets=[
            Target(
                "the first answer of 500 within 2 s",
                2,
                lambda result: result.median("500", "s to the first answer"),
                unit="s",
            )
        ],
    ),
    grown("datasets", 100_000, "datasets that are opened, read and closed"),
    again("W1", "512 MiB of int32: the sum", 2, INTS_512M, SUM_512M, [
        at_most(0.35, OURS, THREADS, "one JVM with 2 threads"),
        at_most(0.35, OURS, NUMPY, "numpy's Pool"),
        at_most(3, OURS, C, "C that forks"),
    ]),
    again("W2", "the article's 100 jobs over 512 MiB", 2, INTS_512M, JOBS_512M, [
        at_most(0.35, OURS, "C, shared scan", "C that shares the scan"),
    ]),
    again("W3-sum", "the sum of 8 GiB of int32", 3, INTS_8G, SUM_8G[:2], [at_most(1.15, OURS, C, "C that forks")]),
    again("W3-stats", "statistics of 8 GiB", 3, INTS_8G, STATS_8G[:2], [at_most(1.5, OURS, C, "C that forks")]),
    again("W4", "the sum of 8 GiB, from 1 worker to 2", 3, INTS_8G, SCALING_8G, [scaling(0.97)]),
    again("W5", "1BRC, 100 million rows of 413 names", 4, ROWS_413, brc_contenders(with_duckdb=False), [fastest_entry(0.85)]),
    again(
        "W6",
        "the sum of 64 Ki numbers",
        1,
        INTS_64K,
        [*SUM_512M[:1], Contender(NOTHING, "/bin/sh -c true", None)],
        [
            Target(
                "at most 15 ms beyond sh -c true",
                0.015,
                lambda result: result.median(OURS) - result.median(NOTHING),
                unit="s",
            )
        ],
    ),
    again(
        "W7",
        "1,000 runs one after another",
        2,
        INTS_64K,
        [Contender(OURS, "{coordinator} --procs 2 --job sum {data}", None, run=many)],
        [
            Target("the 1,000th takes at most 1.1 x the time of the 10th", 1.1, lambda r: r.median(OURS, LATE) / r.median(OURS, EARLY)),
            Target(
                "and the memory is at most 1.1 x",
                1.1,
                lambda r: r.median(OURS, LATE_MEMORY) / r.median(OURS, EARLY_MEMORY),
            ),
        ],
        shown=tuple((OURS, unit) for unit in (EARLY, LATE, EARLY_MEMORY, LATE_MEMORY)),
        runs=0,
    ),
]

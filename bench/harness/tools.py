"""Finds, builds and names what is measured. Each tool is known by the name that commands in rows.py give in braces."""

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

from harness import resident

BENCH = Path(__file__).resolve().parent.parent
ROOT = BENCH.parent
PEERS = BENCH / "peers"
BUILD = BENCH / "target"
JDK = 25
DUCKDB = "2.0.0.1"
JARS = f"{ROOT}/coordinator/target/forkless/lib/*"


class Missing(Exception):
    """A tool that is not here; the message says what to install."""


def output_of(command, **options):
    """What a command prints, both streams."""
    return subprocess.run(
        [str(word) for word in command],
        check=True,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        stdin=subprocess.DEVNULL,
        **options,
    ).stdout.strip()


def on_path(name, package=None):
    found = shutil.which(name)
    if not found:
        raise Missing(f"there is no {name} on the PATH" + (f"; Debian has it in {package}" if package else ""))
    return found


def maven():
    return [on_path("mvn"), "-B", "-q", "-ntp", "-Dstyle.color=never"]


class Tools:
    """Looks for each tool when it is first asked for. tools["scan"] is the path of a program, or raises Missing."""

    def __init__(self, brc=None, offline=False):
        self.found = {}
        self.brc = brc and brc.absolute()
        self.offline = offline
        self.java_home = find_jdk()
        resident.disable()
        os.environ["JAVA_HOME"] = str(self.java_home)  # the launcher tries it first: the same JVM for all
        BUILD.mkdir(exist_ok=True)

    def __getitem__(self, name):
        if name not in self.found:
            try:
                self.found[name] = self.find(name)
            except Missing as missing:
                self.found[name] = missing
            except subprocess.CalledProcessError as failed:
                raise SystemExit(f"bench: cannot build {name}:\n{failed.stdout}") from failed
        found = self.found[name]
        if isinstance(found, Missing):
            raise found
        return found

    def find(self, name):
        """A path, or a list of words."""
        if name.startswith("entry_"):
            return self.find_entry(name.removeprefix("entry_"))
        return str(getattr(self, "find_" + name)())

    def fill(self, command, extra):
        """The words of a command that makes a dataset."""
        fields = {name: extra[name] if name in extra else self[name] for name in re.findall(r"{(\w+)}", command)}
        return [word.format(**fields) for word in shlex.split(command)]

    def find_coordinator(self):
        """What people type. Asked for its jobs, it builds itself and its caches if it has to."""
        launcher = ROOT / "coordinator/bin/coordinator"
        output_of([launcher, "jobs"])
        return launcher

    def find_installed(self):
        """The same without the sources, whose changes need not be looked for."""
        self["coordinator"]
        return ROOT / "coordinator/target/forkless/bin/coordinator"

    def find_java(self):
        return self.java_home / "bin/java"

    def find_classes(self):
        """The peers in Java, compiled: one folder for all."""
        classes = BUILD / "classes"
        output_of([self.java_home / "bin/javac", "-Xlint:all", "-Werror", "-d", classes, *sorted(BENCH.glob("*/*.java"))])
        return classes

    def find_peers(self):
        return PEERS

    def find_probes(self):
        """Programs and jobs of ours on the library, compiled against the jars that people use; JMH's are not needed."""
        probes = BUILD / "probes"
        sources = [path for path in BENCH.glob("java/src/main/java/**/*.java") if not path.stem.endswith("Benchmark")]
        self["coordinator"]  # has the jars
        output_of([self.java_home / "bin/javac", "-proc:none", "-cp", JARS, "-d", probes, *sources])
        return probes

    def find_library(self):
        """The class path of such a program."""
        return f"{JARS}:{self['probes']}"

    def find_scan(self):
        return self.compiled_c("scan", "-lm")

    def find_pipe(self):
        return self.compiled_c("pipe")

    def compiled_c(self, name, *libraries):
        program = BUILD / name
        flags = ["-O3", "-march=native", "-Wall", "-Wextra", "-Werror"]
        output_of([on_path("gcc"), *flags, "-o", program, PEERS / f"{name}.c", *libraries])
        return program

    def find_python(self):
        """The interpreter itself, not what may stand for it on the PATH."""
        return sys.executable

    def find_numpy(self):
        """A Python that has numpy."""
        for python in (sys.executable, "/usr/bin/python3"):
            try:
                output_of([python, "-c", "import numpy"])
                return python
            except (subprocess.CalledProcessError, FileNotFoundError):
                continue
        raise Missing("no python3 here can import numpy; Debian has it in python3-numpy")

    def find_pypy3(self):
        return on_path("pypy3", "pypy3")

    def find_duckdb(self):
        """The newest DuckDB that Maven Central has been seen to serve."""
        jar = BUILD / f"duckdb_jdbc-{DUCKDB}.jar"
        if not jar.exists():
            if self.offline:
                raise Missing("DuckDB was not fetched: its driver has 80 MB, and --offline was given")
            artifact = f"-Dartifact=org.duckdb:duckdb_jdbc:{DUCKDB}"
            try:
                output_of([*maven(), "dependency:copy", artifact, f"-DoutputDirectory={BUILD}"], cwd=ROOT)
            except subprocess.CalledProcessError as failed:
                raise Missing("DuckDB could not be fetched; Maven says " + failed.stdout.splitlines()[0]) from failed
        return jar

    def find_entry(self, name):
        """The words that run an entry of the One Billion Row Challenge: its class, with the options that its own script
        names, as far as this JVM knows them."""
        if not self.brc:
            raise Missing("give --1brc a checkout of the challenge whose entries are compiled for this JDK")
        jars = sorted(self.brc.glob("target/average-*.jar"))
        class_path = jars[0] if jars else self.brc / "target/classes"
        scripts = [self.brc / f"calculate_average_{part}.sh" for part in (name, name.replace("_", "-"))]
        script = next((s for s in scripts if s.exists()), None)
        if not script or not class_path.exists():
            raise Missing(f"there is no entry {name} in {self.brc.name}, or nothing in its target folder")
        words = [self["java"], "--enable-preview", "--sun-misc-unsafe-memory-access=allow"]
        named = " ".join(re.findall(r'^\s*JAVA_OPTS="(.*)"', script.read_text(), re.MULTILINE))
        for option in named.replace("$JAVA_OPTS", "").split():
            if "target/" not in option and option not in words and self.is_known([*words, option]):
                words.append(option)
        return [*words, "-cp", str(class_path), f"dev.morling.onebrc.CalculateAverage_{name}"]

    def is_known(self, words):
        return subprocess.run([*words, "-version"], stdin=subprocess.DEVNULL, capture_output=True).returncode == 0

    def commit(self):
        """That of the sources; what bench/run writes itself does not count as a change."""
        git = ["git", "-C", ROOT]
        try:
            changes = output_of([*git, "status", "--porcelain", "-uno", "--", ROOT, ":!/docs/benchmarks.*"])
            return output_of([*git, "rev-parse", "--short", "HEAD"]) + (" with changes" if changes else "")
        except (subprocess.CalledProcessError, FileNotFoundError):
            return "unknown"

    def versions(self):
        """Name and version of everything that was asked for."""
        commands = {
            "java": ["{java}", "-version"],
            "scan": ["gcc", "--version"],
            "python": ["{python}", "--version"],
            "numpy": ["{numpy}", "-c", "import sys, numpy; print(numpy.__version__, 'on', sys.version.split()[0])"],
            "pypy3": ["{pypy3}", "-c", "import sys; print(sys.version.split('[PyPy ')[1].split()[0])"],
        }
        titles = {"java": "JDK", "scan": "C compiler", "python": "CPython", "numpy": "numpy", "pypy3": "PyPy"}
        found = {}
        for name, command in commands.items():
            if isinstance(self.found.get(name), str):
                lines = output_of([word.format(**self.found) for word in command]).splitlines()
                found[titles[name]] = lines[1 if name == "java" else 0]
        if isinstance(self.found.get("duckdb"), str):
            found["DuckDB"] = DUCKDB
        for tool in ("wc", "grep", "dd"):
            found[tool] = output_of([tool, "--version"]).splitlines()[0]
        return found

    def jmh(self, arguments):
        """Builds and runs the JMH benchmarks with JMH's own arguments."""
        module = BENCH / "java"
        output_of([*maven(), "-Dmaven.test.skip=true", "-pl", "bench/java", "-am", "package"], cwd=ROOT)
        class_path = f"{module}/target/classes:{(module / 'target/class-path').read_text()}"
        return subprocess.run([self["java"], "-cp", class_path, "org.openjdk.jmh.Main", *arguments]).returncode


def find_jdk():
    """The first JDK that is new enough."""
    java = shutil.which("java")
    homes = [os.environ.get("JAVA_HOME"), java and os.path.realpath(java)[: -len("/bin/java")]]
    homes += sorted(Path("/usr/lib/jvm").glob("*")) + sorted(Path("/opt").glob("*")) + sorted(Path("/opt/java").glob("*"))
    for home in filter(None, homes):
        release = Path(home) / "release"
        if (Path(home) / "bin/javac").exists() and release.exists():
            version = re.search(r'JAVA_VERSION="(\d+)', release.read_text())
            if version and int(version[1]) >= JDK:
                return Path(home)
    raise SystemExit(f"bench: needs a JDK {JDK} or newer; looked in JAVA_HOME, PATH, /usr/lib/jvm, /opt, /opt/java")

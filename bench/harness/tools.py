"""Finds, builds and names what is measured. Each tool is known by the name that commands in rows.py give in braces."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

BENCH = Path(__file__).resolve().parent.parent
ROOT = BENCH.parent
PEERS = BENCH / "peers"
BUILD = BENCH / "target"
JDK = 25


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


class Tools:
    """Looks for each tool when it is first asked for. tools["scan"] is the path of a program, or raises Missing."""

    def __init__(self):
        self.found = {}
        self.java_home = find_jdk()
        os.environ["JAVA_HOME"] = str(self.java_home)  # the launcher tries it first: the same JVM for all
        BUILD.mkdir(exist_ok=True)

    def __getitem__(self, name):
        if name not in self.found:
            try:
                self.found[name] = str(getattr(self, "find_" + name)())
            except Missing as missing:
                self.found[name] = missing
            except subprocess.CalledProcessError as failed:
                raise SystemExit(f"bench: cannot build {name}:\n{failed.stdout}") from failed
        found = self.found[name]
        if isinstance(found, Missing):
            raise found
        return found

    def find_coordinator(self):
        """What people type. Asked for its jobs, it builds itself and its caches if it has to."""
        launcher = ROOT / "coordinator/bin/coordinator"
        output_of([launcher, "jobs"])
        return launcher

    def find_java(self):
        return self.java_home / "bin/java"

    def find_classes(self):
        """The peers in Java, compiled: one folder for all."""
        classes = BUILD / "classes"
        output_of([self.java_home / "bin/javac", "-Xlint:all", "-Werror", "-d", classes, *PEERS.glob("*.java")])
        return classes

    def find_scan(self):
        return self.compiled_c("scan", "-lm")

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

    def versions(self):
        """Name and version of everything that was asked for."""
        commands = {
            "java": ["{java}", "-version"],
            "scan": ["gcc", "--version"],
            "python": ["{python}", "--version"],
            "numpy": ["{numpy}", "-c", "import sys, numpy; print('numpy', numpy.__version__, 'on Python', sys.version)"],
            "pypy3": ["{pypy3}", "-c", "import sys; print('PyPy', sys.version.split('[PyPy ')[1].split()[0])"],
        }
        commit = output_of(["git", "-C", ROOT, "describe", "--always", "--dirty"])
        lines = ["Forkless " + commit]
        for name, command in commands.items():
            if isinstance(self.found.get(name), str):
                lines.append(last_of_first_lines(output_of([word.format(**self.found) for word in command])))
        return lines


def last_of_first_lines(text):
    """java -version says what it is in its second line, everything else in its first."""
    lines = text.splitlines()
    return re.sub(r"\s+\(?(main|default),.*", "", lines[1] if lines[0].startswith("openjdk version") else lines[0])


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

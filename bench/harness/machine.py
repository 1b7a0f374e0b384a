"""The shape of the machine, in words that name it to nobody."""

import os
import platform
import re
import subprocess
from pathlib import Path


def shape(folder):
    """Name and value of everything that figures depend on. folder: where the data lies."""
    cpu = Path("/proc/cpuinfo").read_text()
    flags = re.search(r"^flags\s*:(.*)$", cpu, re.MULTILINE)
    features = [f for f in ("avx2", "avx512f", "avx512_vnni") if flags and f in flags[1].split()]
    model = re.search(r"^model name\s*:\s*(.*)$", cpu, re.MULTILINE)
    kernel = ".".join(platform.release().split(".")[:2])
    return {
        "processor": " ".join([model[1] if model else platform.machine(), *features]),
        "processors": f"{len(os.sched_getaffinity(0))}" + (", virtual" if "hypervisor" in cpu else ""),
        "caches": ", ".join(caches()),
        "memory": f"{os.sysconf('SC_PHYS_PAGES') * os.sysconf('SC_PAGE_SIZE') / 2**30:.0f} GiB",
        "kernel": f"{platform.system()} {kernel}",
        "data on": file_system(folder),
        "huge pages": "transparent: "
        + ", ".join(
            f"{name} {chosen('/sys/kernel/mm/transparent_hugepage/' + name)}" for name in ("enabled", "shmem_enabled")
        ),
    }


def caches():
    """Those of the first processor."""
    for index in sorted(Path("/sys/devices/system/cpu/cpu0/cache").glob("index*")):
        level, kind, size = ((index / name).read_text().strip() for name in ("level", "type", "size"))
        yield f"L{level} {kind.lower()} {size}" if kind != "Unified" else f"L{level} {size}"


def file_system(folder):
    kind = subprocess.run(["stat", "-f", "-c", "%T", folder], capture_output=True, text=True).stdout.strip()
    return "ext4" if kind == "ext2/ext3" else kind or "unknown"


def chosen(setting):
    """The word in brackets."""
    try:
        return re.search(r"\[(\w+)\]", Path(setting).read_text())[1]
    except (OSError, TypeError):
        return "unknown"

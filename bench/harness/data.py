"""The datasets: seeded, made when a row first needs them, removed when no row does any more."""

import ctypes
import mmap
import os
from dataclasses import dataclass

from harness import process

GIB = 1 << 30
MIB = 1 << 20


@dataclass(frozen=True)
class Dataset:
    """label: how commands name it. size: of what it holds, as the command that makes it is told. command: with {size}
    and {file} in it. bytes_each: of what size counts, about."""

    label: str
    file: str
    size: int
    bytes_each: float
    command: str

    def scaled(self, scale):
        return max(1024, int(self.size * scale))

    def bytes(self, scale):
        return int(self.scaled(scale) * self.bytes_each)


def ints(size, count):
    return Dataset(f"ints_{size}", f"ints-{size}.bin", count, 4, "{coordinator} generate --count {size} --seed 1 {file}")


def rows(label, names, count, bytes_each):
    command = f"{{java}} -cp {{classes}} Texts rows {{size}} {names} 1 {{file}}"
    return Dataset(f"rows_{label}", f"rows-{label}.txt", count, bytes_each, command)


INTS_64K = ints("64k", 64 << 10)
INTS_512M = ints("512m", 128 * MIB)
INTS_1G = ints("1g", 256 * MIB)
INTS_2G = ints("2g", 512 * MIB)
INTS_4G = ints("4g", GIB)
INTS_8G = ints("8g", 2 * GIB)
BYTES_1M = Dataset("bytes_1m", "bytes-1m.bin", MIB, 1, "{coordinator} generate --count {size} --type int8 {file}")
BYTES_4K = Dataset("bytes_4k", "bytes-4k.bin", 4096, 1, "{coordinator} generate --count {size} --type int8 {file}")
ROWS_413 = rows("413_names", 413, 100_000_000, 14)
ROWS_10K = rows("10000_names", 10_000, 50_000_000, 21)
FEW_ROWS_413 = rows("413_names_few", 413, 1_000_000, 14)
FEW_ROWS_10K = rows("10000_names_few", 10_000, 1_000_000, 21)
PROSE = Dataset("prose", "prose.txt", 4 * GIB, 1, "{java} -cp {classes} Texts prose {size} 1 {file}")


class Shelf:
    """The folder that datasets are made in. fill: makes a command's words."""

    def __init__(self, folder, scale, keep, fill):
        self.folder = folder.absolute()
        self.scale = scale
        self.keep = keep
        self.fill = fill
        self.made = {}
        self.read_back = set()
        self.is_new = not folder.exists()
        folder.mkdir(parents=True, exist_ok=True)

    def path(self, dataset):
        stem, dot, extension = dataset.file.partition(".")
        scale = "" if self.scale == 1 else f"-x{self.scale:g}"
        return self.folder / f"{stem}{scale}{dot}{extension}"

    def by_label(self, label):
        """The path of a dataset that was made; None if there is none of that label."""
        return next((path for dataset, path in self.made.items() if dataset.label == label), None)

    def get(self, dataset):
        """The path of a dataset, in the page cache."""
        path = self.path(dataset)
        if not path.exists():
            print(f"   making {path.name}, {dataset.bytes(self.scale) / GIB:.2f} GiB", flush=True)
            unfinished = path.with_name("unfinished-" + path.name)
            unfinished.unlink(missing_ok=True)
            process.run(self.fill(dataset.command, {"size": dataset.scaled(self.scale), "file": unfinished}))
            unfinished.rename(path)
        self.made[dataset] = path
        if resident(path) < 0.999:
            self.read_back.add(path)
            read(path)
        return path

    def drop(self, datasets):
        """Removes datasets, unless they are to be kept."""
        for dataset in datasets:
            path = self.made.pop(dataset, None)
            if path and not self.keep:
                path.unlink()

    def close(self):
        self.drop(list(self.made))
        if self.is_new and not self.keep:
            self.folder.rmdir()


def read(path):
    """Reads a file into the page cache."""
    with open(path, "rb", buffering=0) as file:
        buffer = bytearray(4 * MIB)
        while file.readinto(buffer):
            pass


def resident(path):
    """How much of a file is in the page cache, 0 to 1."""
    size = os.path.getsize(path)
    pages = -(-size // mmap.PAGESIZE)
    libc = ctypes.CDLL(None, use_errno=True)
    libc.mmap.restype = ctypes.c_void_p
    libc.mmap.argtypes = [ctypes.c_void_p, ctypes.c_size_t, *[ctypes.c_int] * 3, ctypes.c_long]
    libc.mincore.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_char_p]
    libc.munmap.argtypes = [ctypes.c_void_p, ctypes.c_size_t]
    with open(path, "rb") as file:
        address = libc.mmap(None, size, mmap.PROT_READ, mmap.MAP_SHARED, file.fileno(), 0)
    try:
        vector = ctypes.create_string_buffer(pages)
        if libc.mincore(address, size, vector) != 0:
            raise OSError(ctypes.get_errno(), f"mincore of {path}")
        return vector.raw[:pages].count(b"\1") / pages
    finally:
        libc.munmap(address, size)

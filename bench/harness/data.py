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
    """name: of its file. size: of what it holds, as it is given to the command that makes it. command: with {size} and
    {file} in it."""

    name: str
    size: int
    bytes_each: float
    command: str

    def scaled(self, scale):
        return max(1024, int(self.size * scale))

    def bytes(self, scale):
        return int(self.scaled(scale) * self.bytes_each)


def ints(label, count):
    return Dataset(f"ints-{label}.bin", count, 4, "{coordinator} generate --count {size} --seed 1 {file}")


INTS_512M = ints("512m", 128 * MIB)
INTS_8G = ints("8g", 2 * GIB)


class Shelf:
    """The folder that datasets are made in."""

    def __init__(self, folder, scale, keep):
        self.folder = folder
        self.scale = scale
        self.keep = keep
        self.made = {}
        folder.mkdir(parents=True, exist_ok=True)

    def path(self, dataset):
        stem, dot, extension = dataset.name.partition(".")
        scale = "" if self.scale == 1 else f"-x{self.scale:g}"
        return self.folder / f"{stem}{scale}{dot}{extension}"

    def get(self, dataset, fill):
        """The path of a dataset, in the page cache; fill(command, names) gives a command's words."""
        path = self.path(dataset)
        if not path.exists():
            print(f"   making {path.name}, {dataset.bytes(self.scale) / GIB:.2f} GiB", flush=True)
            unfinished = path.with_name("unfinished-" + path.name)
            unfinished.unlink(missing_ok=True)
            process.run(fill(dataset.command, {"size": dataset.scaled(self.scale), "file": unfinished}))
            unfinished.rename(path)
        self.made[dataset] = path
        warm(path)
        return path

    def drop(self, datasets):
        """Removes datasets, unless they are to be kept."""
        for dataset in datasets:
            path = self.made.pop(dataset, None)
            if path and not self.keep:
                path.unlink()

    def close(self):
        self.drop(list(self.made))
        if not self.keep and not any(self.folder.iterdir()):
            self.folder.rmdir()


def warm(path):
    """Reads a file into the page cache, unless it is there."""
    if resident(path) == 1:
        return
    with open(path, "rb", buffering=0) as file:
        buffer = bytearray(4 * MIB)
        while file.readinto(buffer):
            pass
    if resident(path) < 1:
        print(f"   of {path.name} only {resident(path):.1%} stay in the page cache", flush=True)


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
        return sum(byte & 1 for byte in set(vector.raw)) and vector.raw.count(b"\1") / pages
    finally:
        libc.munmap(address, size)

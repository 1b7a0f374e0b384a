#!/usr/bin/env python3
"""Writes the .npy files beside it with the real NumPy; written last with NumPy 2.4.6.

Each is named by the danger it holds. Run it again only to add a file: the others must come out the same.
"""
import os
import warnings

import numpy as np

os.chdir(os.path.dirname(os.path.abspath(__file__)))


def write(name, array, version=None):
    with open(name + ".npy", "wb") as out:
        np.lib.format.write_array(out, array, version=version)


# What is supported: elements count up from 0.
for name, dtype in [
    ("int8", "|i1"),
    ("uint8", "|u1"),
    ("int16", "<i2"),
    ("int32", "<i4"),
    ("int64", "<i8"),
    ("float32", "<f4"),
    ("float64", "<f8"),
    ("uint16", "<u2"),
    ("uint32", "<u4"),
    ("uint64", "<u8"),
    ("float16", "<f2"),
]:
    write("type-" + name, np.arange(5, dtype=dtype))
write("version-1", np.arange(6, dtype="<i4"), (1, 0))
write("version-2", np.arange(6, dtype="<i4"), (2, 0))
write("version-3", np.arange(6, dtype="<i4"), (3, 0))
write("shape-0d", np.array(7, dtype="<f8"))
write("shape-1-tuple", np.arange(1, dtype="<f8"))
write("shape-2d", np.arange(6, dtype="<f8").reshape(2, 3))
write("shape-5d-with-ones", np.arange(6, dtype="<i2").reshape(1, 2, 1, 3, 1))
write("shape-empty", np.zeros((0,), "<i4"))
write("shape-empty-2d", np.zeros((3, 0), "<i4"))
write("fortran-but-one-long-dimension", np.asfortranarray(np.arange(6, dtype="<i4").reshape(1, 6)))

# What is not.
write("fortran-2d", np.asfortranarray(np.arange(6, dtype="<i4").reshape(2, 3)))
write("big-endian-int32", np.arange(5, dtype=">i4"))
write("big-endian-float64", np.arange(5, dtype=">f8"))
for name, dtype in [
    ("complex128", "<c16"),
    ("bool", "|b1"),
    ("bytes", "|S5"),
    ("unicode", "<U5"),
    ("datetime", "<M8[s]"),
]:
    write("dtype-" + name, np.zeros(5, dtype))
write("dtype-object", np.array([1, "two"], dtype=object))
write("dtype-structured", np.zeros(5, [("a", "<i4"), ("b", "<f8", (2, 2)), ("c", [("d", "|u1")])]))
with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    write("dtype-structured-unicode-name", np.zeros(5, [("größe", "<i4"), ("面", "<f8")]))

"""Uniform int32 by numpy, piece by piece: write_numpy.py COUNT FILE [--sync]"""

import os
import sys

import numpy

PIECE = 1 << 20

count, path = int(sys.argv[1]), sys.argv[2]
random = numpy.random.default_rng(1)
with open(path, "wb") as file:
    for at in range(0, count, PIECE):
        random.integers(-(2**31), 2**31, min(PIECE, count - at), numpy.int32).tofile(file)
    if "--sync" in sys.argv:
        os.fsync(file.fileno())

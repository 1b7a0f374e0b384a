"""What numpy.histogram makes of some data of every type: a line for each case.

type | bins | range, or nothing | counts | edges

HistogramTest has the same data, and reads these lines from numpy_histogram.txt: the output of this script with NumPy 2.4.6.
"""

import numpy

TYPES = ["int8", "uint8", "int16", "uint16", "int32", "uint32", "int64", "uint64", "float32", "float64"]
RANGES = [None, (-3.7, 41.3), (0.1, 0.7), (2.0, 2.0)]
BINS = [1, 7, 10, 31]
COUNT = 2000


def data(name):
    i = numpy.arange(COUNT, dtype=numpy.int64)
    if name.startswith("float"):
        # Multiples of 0.1 and of 1/7, many of which are on an edge or beside it.
        return numpy.where(i % 2 == 0, (i * 37 % 1999 - 500) * 0.1, (i * 37 % 1999) / 7.0).astype(name)
    return (i * 7919 ^ i << 3).astype(name)


for name in TYPES:
    for edges in RANGES:
        for bins in BINS:
            counts, found = numpy.histogram(data(name), bins=bins, range=edges)
            print(
                name,
                bins,
                "" if edges is None else "%r %r" % edges,
                " ".join(str(n) for n in counts.tolist()),
                " ".join(repr(float(edge)) for edge in found),
                sep=" | ",
            )

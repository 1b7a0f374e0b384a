# Makes the files beside it, with pyarrow 25: python3 make.py
import datetime as d
import decimal

import pyarrow as pa
import pyarrow.parquet as pq

n = 5
null = lambda values: [None if i == 2 else v for i, v in enumerate(values)]
types = {
    "bool": (pa.bool_(), [True, False, True, False, True]),
    "int8": (pa.int8(), [-128, 127, 0, 1, 2]),
    "int16": (pa.int16(), [-32768, 32767, 0, 1, 2]),
    "int32": (pa.int32(), [-(2**31), 2**31 - 1, 0, 1, 2]),
    "int64": (pa.int64(), [-(2**63), 2**63 - 1, 0, 1, 2]),
    "uint8": (pa.uint8(), [0, 255, 0, 1, 2]),
    "uint16": (pa.uint16(), [0, 65535, 0, 1, 2]),
    "uint32": (pa.uint32(), [0, 2**32 - 1, 0, 1, 2]),
    "uint64": (pa.uint64(), [0, 2**64 - 1, 0, 1, 2]),
    "float16": (pa.float16(), [1.5, -2, 0, 1, 2]),
    "float32": (pa.float32(), [1.5, -2, 0, 1, 2]),
    "float64": (pa.float64(), [1.5, -2, 0, 1, 2]),
    "decimal9": (pa.decimal128(9, 2), [decimal.Decimal(x) for x in ("1.25", "-9999999.99", "0", "1", "2")]),
    "decimal30": (pa.decimal128(30, 5), [decimal.Decimal(x) for x in ("1.25", "-1234567890123456789012345.67891", "0", "1", "2")]),
    "decimal60": (pa.decimal256(60, 0), [decimal.Decimal(x) for x in ("-1", "9" * 60, "0", "1", "2")]),
    "date": (pa.date32(), [d.date(1970, 1, 2), d.date(1969, 12, 31), d.date(2000, 1, 1), d.date(2026, 1, 1), d.date(1, 1, 1)]),
    "time_ms": (pa.time32("ms"), [d.time(0, 0, 1), d.time(23, 59, 59, 999000), d.time(), d.time(), d.time()]),
    "time_us": (pa.time64("us"), [d.time(0, 0, 1), d.time(23, 59, 59, 999999), d.time(), d.time(), d.time()]),
    "timestamp_ms": (pa.timestamp("ms"), [1, -1, 0, 1, 2]),
    "timestamp_us": (pa.timestamp("us", "UTC"), [1, -1, 0, 1, 2]),
    "timestamp_ns": (pa.timestamp("ns"), [1, -1, 0, 1, 2]),
    "text": (pa.string(), ["a", "s\u00fcd \U0001f600", "", "c", ""]),
    "few": (pa.string(), ["x", "y", "x", "y", "x"]),
    "binary": (pa.binary(), [b"\x00\xff", b"", b"", b"c", b"d"]),
    "fixed": (pa.binary(3), [b"abc", b"\x00\x01\xff", b"   ", b"def", b"ghi"]),
    "required": (pa.int32(), [1, 2, 3, 4, 5]),
}
fields = [pa.field(name, type, nullable=name != "required") for name, (type, _) in types.items()]
columns = [pa.array(values if name == "required" else null(values), type) for name, (type, values) in types.items()]
nested = [
    pa.field("list", pa.list_(pa.int32())),
    pa.field("struct", pa.struct([("x", pa.int32())])),
]
columns += [pa.array([[1], None, [], [2, 3], [4]], nested[0].type), pa.array([{"x": 1}] * n, nested[1].type)]
table = pa.table(columns, schema=pa.schema(fields + nested))
pq.write_table(table, "types.parquet", compression="zstd", use_dictionary=["few"], store_schema=False)
pq.write_table(table.slice(0, 0), "empty.parquet", store_schema=False, compression="none")
pq.write_table(table.select(["list"]), "nested.parquet", store_schema=False)

many = pa.table({"id": pa.array(range(300), pa.int64()), "group": pa.array(["g%d" % (i % 7) for i in range(300)])})
for codec in ("snappy", "lz4", "gzip", "brotli"):
    pq.write_table(many, codec + ".parquet", compression=codec, row_group_size=100, store_schema=False)
pq.write_table(pa.table({"text": pa.array([b"a", b"\xff"], pa.binary()).view(pa.string())}), "latin1.parquet", store_schema=False)
pq.write_table(
    pa.table({"t": pa.array([0, 1_000], pa.timestamp("ns"))}), "int96.parquet", use_deprecated_int96_timestamps=True, store_schema=False
)

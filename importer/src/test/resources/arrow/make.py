# Makes the files beside it, with pyarrow 25: python3 make.py
import pyarrow as pa
import pyarrow.feather as feather
import pyarrow.ipc as ipc


def write(name, batches, isFile=False, metadata=None, **options):
    new = ipc.new_file if isFile else ipc.new_stream
    with new(name, batches[0].schema, options=ipc.IpcWriteOptions(**options), **(dict(metadata=metadata) if isFile else {})) as writer:
        for i, batch in enumerate(batches):
            # pyarrow takes any metadata of version 4 for that of a codec.
            writer.write_batch(batch, custom_metadata=None if "metadata_version" in options else {"batch": str(i)})


# Columns of more than 64 KiB, in which a block copies from the one before it: few bytes when compressed.
n = 20_000
much = pa.record_batch({
    "id": pa.array([i % 250 for i in range(n)], pa.int64()),
    "text": pa.array([None if i % 7 == 0 else "text %d " % i * 900 if i % 1000 == 1 else "" for i in range(n)]),
    "few": pa.array(["g%d" % (i % 7) for i in range(n)]).dictionary_encode(),
})
write("lz4.arrow", [much, much.slice(0, 65), much.slice(0, 0)], isFile=True, compression="lz4")

types = pa.record_batch({
    "x": pa.array([1, None, 3], pa.int32()),
    "view": pa.array(["short", "longer than twelve bytes", None], pa.string_view()),
    "list": pa.array([[1, 2], None, []], pa.list_(pa.int16())),
    "struct": pa.array([{"a": 1, "b": "x"}, None, {"a": None, "b": "y"}], pa.struct([("a", pa.int64()), ("b", pa.string())])),
    "union": pa.UnionArray.from_dense(
        pa.array([0, 1, 0], pa.int8()),
        pa.array([0, 0, 1], pa.int32()),
        [pa.array([1, 2]), pa.array(["a"])],
    ),
    "views": pa.array([["longer than twelve bytes"], [], None], pa.list_(pa.string_view())),
    "large": pa.array(["a", "b", "c"], pa.large_string()),
    "none": pa.nulls(3),
    "nested": pa.array([["a", "b"], [], ["a"]], pa.list_(pa.dictionary(pa.int8(), pa.string()))),
    "bool": pa.array([True, False, None]),
}).replace_schema_metadata({"of": "schema"})
for name, codec in (("types", None), ("types-lz4", "lz4"), ("types-zstd", "zstd")):
    write(name + ".arrows", [types, types], compression=codec)
write("types-zstd.arrow", [types, types], isFile=True, metadata={"of": "footer"}, compression="zstd")
write("types-old.arrows", [types.select(["x", "list", "struct", "large", "bool"])] * 2, use_legacy_format=True, metadata_version=ipc.MetadataVersion.V4)

words = lambda *values: pa.record_batch({"word": pa.DictionaryArray.from_arrays(pa.array([0, 1], pa.int8()), pa.array(values))})
write("deltas.arrows", [words("a", "b"), words("a", "b", "c")], emit_dictionary_deltas=True)
write("replaced.arrows", [words("a", "b"), words("c", "d")])
feather.write_feather(pa.table({"x": [1, 2]}), "version1.feather", version=1)

# Many rows in few bytes.
write("zeros.arrow", [pa.record_batch({"x": pa.array([0.0] * (1 << 20))})], isFile=True, compression="zstd")

# Arrow 0.17 wrote this where the name of the codec is now. A column as long as what is compressed, which then gets its true length.
packed = b"-"
n = 1000
while len(packed) % 8:
    n -= 1
    values = pa.array([i * i for i in range(n)], pa.int64()).buffers()[1]
    packed = (8 * n).to_bytes(8, "little") + pa.Codec("lz4").compress(values, asbytes=True)
m = len(packed) // 8
column = pa.Array.from_buffers(pa.int64(), m, [None, pa.py_buffer(packed)])
batch = pa.record_batch([column], names=["x"])
sink = pa.BufferOutputStream()
with ipc.new_file(sink, batch.schema, options=ipc.IpcWriteOptions(metadata_version=ipc.MetadataVersion.V4)) as writer:
    writer.write_batch(batch, custom_metadata={"ARROW:experimental_compression": "LZ4"})
content = sink.getvalue().to_pybytes()
assert content.count(m.to_bytes(8, "little")) == 2
open("old-lz4.arrow", "wb").write(content.replace(m.to_bytes(8, "little"), n.to_bytes(8, "little")))

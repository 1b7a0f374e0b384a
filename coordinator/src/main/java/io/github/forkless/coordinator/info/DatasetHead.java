package io.github.forkless.coordinator.info;

import io.github.forkless.common.column.TimeText;
import io.github.forkless.common.dataset.Block;
import io.github.forkless.common.dataset.DatasetFile;
import io.github.forkless.common.dataset.ElementType;
import io.github.forkless.common.dataset.Layout;
import io.github.forkless.common.dataset.MappedDataset;
import io.github.forkless.common.dataset.RecordCursor;
import io.github.forkless.common.dataset.Slice;
import io.github.forkless.common.text.Printable;
import java.io.EOFException;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** The first and the last of a dataset, to look at. */
public final class DatasetHead {
    private static final ValueLayout.OfLong INT64 = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final int SHOWN_NUMBERS = 5;
    private static final int SHOWN_BYTES = 60;

    /** The first few numbers or records, or the beginning of the first line; empty for an empty dataset. */
    public static String first(DatasetFile file) throws IOException {
        return show(file, new Slice(0, Math.min(file.count(), shown(file))));
    }

    /** The last few numbers or records, or the end of the text. */
    public static String last(DatasetFile file) throws IOException {
        return show(file, new Slice(Math.max(0, file.count() - shown(file)), file.count()));
    }

    private static int shown(DatasetFile file) {
        return file.type().isText() ? SHOWN_BYTES : SHOWN_NUMBERS;
    }

    private static String show(DatasetFile file, Slice slice) throws IOException {
        if (file.type() == ElementType.RECORDS) {
            return showRecords(file, slice);
        }
        Block block = read(file, slice);
        if (file.type().isText()) {
            return Printable.line(block.text(0, block.count())
                    .replace("\n", "\\n")
                    .replace("\r", "\\r")
                    .replace("\t", "\\t"));
        }
        String times = file.layout() instanceof Layout.Numbers layout ? layout.times() : "";
        List<String> numbers = new ArrayList<>();
        for (long i = 0; i < block.count(); i++) {
            numbers.add(
                    switch (block.type()) {
                        case FLOAT16, FLOAT32 -> Float.toString((float) block.numberAt(i));
                        case FLOAT64 -> Double.toString(block.doubleAt(i));
                        case UINT64 -> Long.toUnsignedString(block.segment().getAtIndex(INT64, i));
                        case INT64 -> times.isEmpty() ? Long.toString(block.longAt(i)) : time(times, block.longAt(i));
                        default -> Long.toString(block.integerAt(i));
                    });
        }
        return String.join(" ", numbers);
    }

    /** @param label {@code datetime64[ns]} or {@code timedelta64[ns]} */
    private static String time(String label, long value) {
        return value == Long.MIN_VALUE
                ? "NaT"
                : label.startsWith("datetime64") ? TimeText.timestamp(label, value) : Long.toString(value);
    }

    /** Their bytes, or what they are where each tells that. */
    private static String showRecords(DatasetFile file, Slice slice) {
        MappedDataset data = MappedDataset.map(file);
        try {
            Block block = data.block(slice);
            List<String> shown = new ArrayList<>();
            for (RecordCursor<?> records = block.records(); records.next(); ) {
                shown.add(
                        records.className().isEmpty()
                                ? hex(block, records)
                                : Printable.line(records.className()) + " of " + records.length() + " bytes");
            }
            return String.join(", ", shown);
        } finally {
            data.close();
        }
    }

    private static String hex(Block block, RecordCursor<?> record) {
        long shown = Math.min(record.length(), SHOWN_BYTES / 2);
        byte[] bytes = block.segment().asSlice(record.from(), shown).toArray(ValueLayout.JAVA_BYTE);
        return HexFormat.of().formatHex(bytes) + (shown < record.length() ? "..." : "");
    }

    private static Block read(DatasetFile file, Slice slice) throws IOException {
        ElementType type = file.layout().storedType();
        int width = type.width();
        ByteBuffer bytes = ByteBuffer.allocate(Math.toIntExact(slice.length() * width));
        try (FileChannel channel = FileChannel.open(file.path(), StandardOpenOption.READ)) {
            while (bytes.hasRemaining()) {
                long position = file.offset() + slice.from() * width + bytes.position();
                if (channel.read(bytes, position) < 0) {
                    throw new EOFException(file.path() + " ends at byte " + position);
                }
            }
        }
        return new Block(type, slice.from(), slice.length(), MemorySegment.ofBuffer(bytes.flip()));
    }

    private DatasetHead() {}
}

package io.github.forkless.common.column;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Where the bytes of each row are, where rows have as many as each likes. */
public abstract sealed class Slots {
    private static final ValueLayout.OfInt INT32 = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong INT64 = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    /**
     * Rows behind one another.
     *
     * @param offsets where each begins, and where the last one ends
     * @param isWide whether they have 8 bytes each, not 4
     */
    public static Slots offsets(MemorySegment offsets, boolean isWide, MemorySegment bytes) {
        return isWide ? new Offsets64(offsets, bytes) : new Offsets32(offsets, bytes);
    }

    /**
     * Rows anywhere, short ones in their views.
     *
     * @param views 16 bytes each
     */
    public static Slots views(MemorySegment views, List<MemorySegment> buffers) {
        return new Views(views, List.copyOf(buffers));
    }

    /** Rows of one length, behind one another. */
    public static Slots fixed(MemorySegment bytes, int width) {
        return new Fixed(bytes, width);
    }

    /**
     * Texts of one length, which are filled up with zeros: these are no part of them.
     *
     * @param step bytes from one to the next
     * @param width bytes of each
     */
    public static Slots padded(MemorySegment bytes, long step, int width) {
        return new Padded(bytes, step, width);
    }

    /**
     * The same in UTF-32, little-endian. Each is made UTF-8 when it is read, and so is not in place.
     *
     * @param step bytes from one to the next
     * @param length characters of each
     */
    public static Slots utf32(MemorySegment characters, long step, int length) {
        return new Utf32(characters, step, length);
    }

    abstract MemorySegment at(long row);

    /** The first row that is not null whose bytes cannot be where it says; -1 if there is none. */
    public abstract long firstBroken(Validity validity, long count);

    private static final class Offsets32 extends Slots {
        private final MemorySegment offsets;
        private final MemorySegment bytes;

        Offsets32(MemorySegment offsets, MemorySegment bytes) {
            this.offsets = offsets;
            this.bytes = bytes;
        }

        @Override
        MemorySegment at(long row) {
            long from = offsets.getAtIndex(INT32, row);
            return bytes.asSlice(from, offsets.getAtIndex(INT32, row + 1) - from);
        }

        @Override
        public long firstBroken(Validity validity, long count) {
            long before = count == 0 ? 0 : offsets.getAtIndex(INT32, 0);
            for (long row = 0; row < count; row++) {
                long next = offsets.getAtIndex(INT32, row + 1);
                if (before < 0 || next < before || next > bytes.byteSize()) {
                    return row;
                }
                before = next;
            }
            return -1;
        }
    }

    private static final class Offsets64 extends Slots {
        private final MemorySegment offsets;
        private final MemorySegment bytes;

        Offsets64(MemorySegment offsets, MemorySegment bytes) {
            this.offsets = offsets;
            this.bytes = bytes;
        }

        @Override
        MemorySegment at(long row) {
            long from = offsets.getAtIndex(INT64, row);
            return bytes.asSlice(from, offsets.getAtIndex(INT64, row + 1) - from);
        }

        @Override
        public long firstBroken(Validity validity, long count) {
            long before = count == 0 ? 0 : offsets.getAtIndex(INT64, 0);
            for (long row = 0; row < count; row++) {
                long next = offsets.getAtIndex(INT64, row + 1);
                if (before < 0 || next < before || next > bytes.byteSize()) {
                    return row;
                }
                before = next;
            }
            return -1;
        }
    }

    /**
     * <pre>
     *   length  4 | up to 12 bytes
     *   length  4 | the first 4 bytes | buffer  4 | where in it  4     of more than 12
     * </pre>
     */
    private static final class Views extends Slots {
        private static final int BYTES = 16;
        private static final int LONGEST_INLINE = 12;

        private final MemorySegment views;
        private final List<MemorySegment> buffers;

        Views(MemorySegment views, List<MemorySegment> buffers) {
            this.views = views;
            this.buffers = buffers;
        }

        @Override
        MemorySegment at(long row) {
            int length = views.get(INT32, row * BYTES);
            return length <= LONGEST_INLINE
                    ? views.asSlice(row * BYTES + 4, length)
                    : buffers.get(views.get(INT32, row * BYTES + 8))
                            .asSlice(views.get(INT32, row * BYTES + 12), length);
        }

        @Override
        public long firstBroken(Validity validity, long count) {
            for (long row = 0; row < count; row++) {
                if (!validity.isNull(row) && isBroken(row * BYTES)) {
                    return row;
                }
            }
            return -1;
        }

        private boolean isBroken(long view) {
            int length = views.get(INT32, view);
            if (length <= LONGEST_INLINE) {
                return length < 0;
            }
            int buffer = views.get(INT32, view + 8);
            int from = views.get(INT32, view + 12);
            return buffer < 0
                    || buffer >= buffers.size()
                    || from < 0
                    || length > buffers.get(buffer).byteSize() - from;
        }
    }

    private static final class Fixed extends Slots {
        private final MemorySegment bytes;
        private final int width;

        Fixed(MemorySegment bytes, int width) {
            this.bytes = bytes;
            this.width = width;
        }

        @Override
        MemorySegment at(long row) {
            return bytes.asSlice(row * width, width);
        }

        @Override
        public long firstBroken(Validity validity, long count) {
            return -1;
        }
    }

    private static final class Padded extends Slots {
        private final MemorySegment bytes;
        private final long step;
        private final int width;

        Padded(MemorySegment bytes, long step, int width) {
            this.bytes = bytes;
            this.step = step;
            this.width = width;
        }

        @Override
        MemorySegment at(long row) {
            long from = row * step;
            int length = width;
            while (length > 0 && bytes.get(ValueLayout.JAVA_BYTE, from + length - 1) == 0) {
                length--;
            }
            return bytes.asSlice(from, length);
        }

        @Override
        public long firstBroken(Validity validity, long count) {
            return -1;
        }
    }

    private static final class Utf32 extends Slots {
        private static final int BYTES = 4;
        private static final int ASCII_END = 0x80;
        private static final int SURROGATES = 0xd800;
        private static final int SURROGATE_BITS = 0xffff_f800;

        private final MemorySegment characters;
        private final long step;
        private final int most;

        Utf32(MemorySegment characters, long step, int most) {
            this.characters = characters;
            this.step = step;
            this.most = most;
        }

        @Override
        MemorySegment at(long row) {
            long from = row * step;
            int length = most;
            while (length > 0 && characters.get(INT32, from + (length - 1L) * BYTES) == 0) {
                length--;
            }
            byte[] utf8 = new byte[length];
            for (int i = 0; i < length; i++) {
                int character = characters.get(INT32, from + (long) i * BYTES);
                if (character >= ASCII_END) {
                    return MemorySegment.ofArray(encoded(from, length));
                }
                utf8[i] = (byte) character;
            }
            return MemorySegment.ofArray(utf8);
        }

        private byte[] encoded(long from, int length) {
            var text = new StringBuilder(length);
            for (int i = 0; i < length; i++) {
                text.appendCodePoint(characters.get(INT32, from + (long) i * BYTES));
            }
            return text.toString().getBytes(StandardCharsets.UTF_8);
        }

        @Override
        public long firstBroken(Validity validity, long count) {
            for (long row = 0; row < count; row++) {
                for (int i = 0; i < most; i++) {
                    int character = characters.get(INT32, row * step + (long) i * BYTES);
                    if (!Character.isValidCodePoint(character) || (character & SURROGATE_BITS) == SURROGATES) {
                        return row;
                    }
                }
            }
            return -1;
        }
    }
}

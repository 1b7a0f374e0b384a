package io.github.forkless.common.value;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.fail;

import com.sun.management.ThreadMXBean;
import io.github.forkless.common.value.Samples.Counter;
import io.github.forkless.common.value.Samples.Histogram;
import io.github.forkless.common.value.Samples.Node;
import io.github.forkless.common.value.Samples.Point;
import io.github.forkless.common.value.Samples.Positive;
import io.github.forkless.common.value.Samples.Size;
import io.github.forkless.common.value.Samples.Version;
import io.github.forkless.common.value.Samples.Wrapper;
import io.github.forkless.common.wire.ByteWriter;
import io.github.forkless.common.wire.WireException;
import io.github.forkless.testing.Thorough;
import java.lang.management.ManagementFactory;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever the bytes are: a value or a {@link WireException}; soon, and with no more memory than they are worth. */
class ValueFuzzTest {
    /** Of the values that a byte may have, so many at a time are passed over; odd, so that all readers have their turn. */
    private static final int STEP = Thorough.or(5, 15);

    private static final List<TypeFinder> READERS = List.of(TypeFinder.NONE, Samples.ALL);

    /** A bit of everything. */
    private static final byte[] SAMPLE = ValueWriter.encode(List.of(
            true,
            (byte) 1,
            (short) 2,
            3,
            4L,
            5f,
            6.0,
            '7',
            "acht",
            BigInteger.TWO.pow(70),
            new BigDecimal("-1.5"),
            Size.LARGE,
            new Node("n", List.of(), Map.of("k", new long[] {1}), new Point[] {new Point(1, 2), null}),
            new Point(3, 4),
            new Positive(77),
            new TreeSet<>(List.of("a", "b")),
            new TreeMap<>(Map.of(new Version(1, 2), 1, new Version(1, 3), 2)),
            Map.of(1, "one"),
            new Counter(42),
            Optional.of(ZonedDateTime.ofInstant(Instant.EPOCH, ZoneId.of("Europe/Berlin"))),
            YearMonth.of(2026, 12),
            Path.of("p"),
            new LocalDate[] {LocalDate.EPOCH},
            new Histogram(5, "h"),
            new String[][] {{"x"}, null},
            new Size[] {Size.SMALL},
            new boolean[] {true},
            new byte[] {1},
            new short[] {1},
            new char[] {'1'},
            new int[] {1},
            new float[] {1},
            new double[] {1}));

    @Test
    void everyTruncationIsRefused() {
        for (int length = 0; length < SAMPLE.length; length++) {
            byte[] start = Arrays.copyOf(SAMPLE, length);
            for (TypeFinder types : READERS) {
                assertThat(readOrRefuse(start, types)).as("%d bytes", length).isFalse();
            }
        }
    }

    @Test
    void everyFlippedBitIsRefusedOrUnderstood() {
        int understood = 0;
        for (int bit = 0; bit < SAMPLE.length * 8; bit++) {
            byte[] flipped = SAMPLE.clone();
            flipped[bit / 8] ^= (byte) (1 << bit % 8);
            readOrRefuse(flipped, TypeFinder.NONE);
            understood += readOrRefuse(flipped, Samples.ALL) ? 1 : 0;
        }
        // A bit of a number is as good as another; one of a class's name is not.
        assertThat(understood).isBetween(100, SAMPLE.length * 8 - 100);
    }

    @Test
    void otherBytesAreRefusedOrUnderstood() {
        for (int at = 0; at < SAMPLE.length; at++) {
            for (int other = at % STEP; other < 256; other += STEP) {
                byte[] changed = SAMPLE.clone();
                changed[at] = (byte) other;
                readOrRefuse(changed, READERS.get(other % 2));
            }
        }
    }

    @Test
    void randomBytesAreRefusedOrUnderstood() {
        Random random = new Random(10);
        int understood = 0;
        for (int i = 0; i < Thorough.or(100_000, 40_000, 20_000); i++) {
            byte[] bytes = new byte[random.nextInt(60)];
            for (int b = 0; b < bytes.length; b++) {
                bytes[b] = (byte) (random.nextInt(4) == 0 ? random.nextInt() : random.nextInt(42)); // many are tags
            }
            understood += readOrRefuse(bytes, READERS.get(i % 2)) ? 1 : 0;
        }
        assertThat(understood).isPositive();
    }

    @Test
    void splicedEncodingsAreRefusedOrUnderstood() {
        Random random = new Random(11);
        for (int i = 0; i < Thorough.or(25_000, 10_000, 5_000); i++) {
            byte[] bytes = SAMPLE.clone();
            int length = random.nextInt(40);
            System.arraycopy(
                    SAMPLE,
                    random.nextInt(SAMPLE.length - length),
                    bytes,
                    random.nextInt(SAMPLE.length - length),
                    length);
            readOrRefuse(bytes, READERS.get(i % 2));
        }
    }

    @ParameterizedTest
    @ValueSource(
            ints = {
                Tag.STRING,
                Tag.BIG_INTEGER,
                Tag.LIST,
                Tag.SET,
                Tag.SORTED_SET,
                Tag.MAP,
                Tag.SORTED_MAP,
                32,
                33,
                34,
                35,
                36,
                37,
                38,
                39
            })
    void aLengthThatLiesIsRefusedBeforeAnythingIsAllocated(int tag) {
        for (long length : new long[] {4, 100, Integer.MAX_VALUE - 8, Integer.MAX_VALUE, 1L << 32, Long.MAX_VALUE}) {
            var out = new ByteWriter();
            out.putByte(tag);
            out.putVarint(length);
            out.putByte(0);
            assertThat(allocatedBy(() -> assertThat(readOrRefuse(out.toByteArray(), TypeFinder.NONE))
                            .isFalse()))
                    .isLessThan(1 << 20);
        }
    }

    /** Each of the lists claims as many items as there are bytes behind it: one could have them, not all. */
    @ParameterizedTest
    @ValueSource(ints = {Tag.LIST, Tag.SET, Tag.SORTED_SET, Tag.MAP, Tag.SORTED_MAP, Tag.OBJECT_ARRAY})
    void nestedLengthsThatLieDoNotAddUp(int tag) {
        int size = 4 << 20;
        var out = new ByteWriter(size);
        for (int depth = 0; depth < ValueWriter.MAX_DEPTH; depth++) {
            out.putByte(tag);
            if (tag == Tag.OBJECT_ARRAY) {
                out.putString("");
            }
            out.putVarint((size - out.size() - 8) / 2);
        }
        out.putByte(77); // no tag, after which the rest does not matter
        out.claim(size - out.size());

        assertThat(allocatedBy(() -> assertThat(readOrRefuse(out.toByteArray(), TypeFinder.NONE))
                        .isFalse()))
                .isLessThan(64 << 20);
    }

    @Test
    void aRecordOfMillionsOfComponentsIsRefused() {
        int names = 1 << 20;
        var out = new ByteWriter(2 * names);
        out.putByte(Tag.NEW_RECORD);
        out.putString("Hostile");
        out.putVarint(names);
        out.claim(names); // empty names
        for (int depth = 1; depth < ValueWriter.MAX_DEPTH; depth++) {
            out.putByte(Tag.RECORD);
            out.putVarint(0);
        }
        out.putByte(77);

        assertThat(allocatedBy(() -> assertThat(readOrRefuse(out.toByteArray(), TypeFinder.NONE))
                        .isFalse()))
                .isLessThan(64 << 20);
    }

    @Test
    void deepNestingIsRefusedBeforeTheStackIsFull() {
        for (int tag : new int[] {Tag.LIST, Tag.SET, Tag.SORTED_SET, Tag.OBJECT_ARRAY, Tag.MAP}) {
            var out = new ByteWriter();
            for (int i = 0; i < 1 << 20; i++) {
                out.putByte(tag);
                if (tag == Tag.OBJECT_ARRAY) {
                    out.putString("x");
                }
                out.putVarint(1);
            }
            assertThatException()
                    .isThrownBy(() -> ValueReader.decode(out.toByteArray(), TypeFinder.NONE))
                    .isInstanceOfAny(WireException.class, ValueRefusedException.class)
                    .withMessageMatching(".*(nests values more than 256 deep|keys within keys more than 16 deep).*");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 100, 253, 254, 255, 256, 10_000})
    void anArrayOfManyDimensionsIsRefusedOrUnderstood(int dimensions) {
        for (String element : List.of("", "I", "V", "Ljava.lang.String;", "L;", "Lno.such.Class;")) {
            var out = new ByteWriter();
            out.putByte(Tag.OBJECT_ARRAY);
            out.putString("[".repeat(dimensions) + element);
            out.putVarint(0);
            for (TypeFinder types : READERS) {
                readOrRefuse(out.toByteArray(), types);
            }
        }
    }

    @Test
    void keysThatCannotBeComparedAreNoTrap() {
        for (String items : List.of("02" + "0501000000" + "0a0161", "02" + "00" + "00", "01" + "1000")) {
            for (TypeFinder types : READERS) {
                readOrRefuse(HexFormat.of().parseHex("12" + items), types);
                readOrRefuse(HexFormat.of().parseHex("14" + items), types);
            }
        }
    }

    @Test
    void keysThatCollideAreNoTrap() {
        var out = new ByteWriter();
        int keys = 20_000;
        out.putByte(Tag.SET);
        out.putVarint(keys);
        for (int i = 0; i < keys; i++) { // strings of one hash
            out.putByte(Tag.STRING);
            out.putString(textOfOneHash(i));
        }

        assertThat((Iterable<?>) ValueReader.decode(out.toByteArray(), TypeFinder.NONE))
                .hasSize(keys);
    }

    /** Keys that a hash table cannot tell apart, nor sort. */
    @Test
    void keysOfOneHashThatCannotBeComparedAreRefused() {
        List<Object> alike = new ArrayList<>();
        for (int i = 0; i < 60_000; i++) {
            alike.add(List.of(i, -31 * i)); // the hash is 31 * (31 + the first) + the second
        }
        List<Object> records = new ArrayList<>();
        List<Object> mixed = new ArrayList<>();
        for (int i = 0; i < 60_000; i++) {
            String text = textOfOneHash(i);
            records.add(new Wrapper(text));
            mixed.add(i % 2 == 0 ? text : new Wrapper(text));
        }
        for (List<Object> keys : List.of(alike, records, mixed)) {
            Map<Object, Integer> map = new IdentityHashMap<>();
            keys.forEach(key -> map.put(key, 1));
            assertThatExceptionOfType(ValueRefusedException.class)
                    .isThrownBy(() -> ValueReader.decode(ValueWriter.encode(map), TypeFinder.NONE))
                    .withMessageContaining("a set or map of 60000 has so many of the same hash");
        }
    }

    @Test
    void manySmallSetsOfOneHashAreRefused() {
        List<Set<Object>> sets = new ArrayList<>();
        for (int set = 0; set < 1000; set++) {
            Set<Object> keys = Collections.newSetFromMap(new IdentityHashMap<>());
            for (int i = 0; i < 1000; i++) {
                keys.add(List.of(i, -31 * i));
            }
            sets.add(keys);
        }

        assertThatExceptionOfType(ValueRefusedException.class)
                .isThrownBy(() -> ValueReader.decode(ValueWriter.encode(sets), TypeFinder.NONE))
                .withMessageContaining("has so many of the same hash");
    }

    @Test
    void ordinaryKeysOfWhichSomeAreAlikeAreRead() {
        Set<List<Integer>> grid = new HashSet<>();
        for (int i = 0; i < 64 * 64 * 64; i++) {
            grid.add(List.of(i % 64, i / 64 % 64, i / 64 / 64));
        }

        assertThat(ValueReader.decode(ValueWriter.encode(grid), TypeFinder.NONE))
                .isEqualTo(grid);
    }

    /** Two bytes each, and a hundred times that in memory. */
    @ParameterizedTest
    @ValueSource(ints = {Tag.SET, Tag.MAP, Tag.LIST, Tag.RECORD})
    void whatTakesMuchMoreMemoryThanBytesIsRefused(int tag) {
        int count = 4 << 20;
        var out = new ByteWriter(3 * count);
        out.putByte(Tag.LIST);
        out.putVarint(count + 1);
        out.putByte(Tag.NEW_RECORD);
        out.putString("Empty");
        out.putVarint(0);
        for (int i = 0; i < count; i++) {
            out.putByte(tag);
            out.putVarint(0);
        }
        var bounds = new ValueReader.Bounds(64 << 20, Integer.MAX_VALUE);

        assertThat(allocatedBy(() -> assertThatExceptionOfType(ValueRefusedException.class)
                        .isThrownBy(() -> new ValueReader(out.span().reader(), TypeFinder.NONE, bounds).read())
                        .withMessageContaining("takes more than 64 MiB of heap")))
                .isLessThan(200 << 20);
    }

    /** Comparing a number of twenty million digits with the next takes seconds. */
    @Test
    void longDecimalNumbersAreNotCompared() {
        byte[] digits = new byte[8 << 20];
        digits[0] = 1;
        var out = new ByteWriter();
        out.putByte(Tag.SORTED_SET);
        out.putVarint(3);
        for (int scale = 0; scale < 3; scale++) {
            out.putByte(Tag.BIG_DECIMAL);
            out.putInt(scale);
            out.putBytes(digits);
        }

        assertThat((Set<?>) ValueReader.decode(out.toByteArray(), TypeFinder.NONE))
                .hasSize(3)
                .isInstanceOf(LinkedHashSet.class);
    }

    private static String textOfOneHash(int number) {
        var text = new StringBuilder();
        for (int bit = 0; bit < 16; bit++) {
            text.append((number >> bit & 1) == 0 ? "Aa" : "BB");
        }
        return text.toString();
    }

    /** Whether it was understood. */
    private static boolean readOrRefuse(byte[] bytes, TypeFinder types) {
        try {
            ValueReader.decode(bytes, types);
            return true;
        } catch (WireException | ValueRefusedException e) {
            assertThat(e.getMessage()).hasSizeLessThan(2_000).doesNotContainPattern("\\p{Cntrl}");
            return false;
        } catch (RuntimeException | Error e) {
            return fail(
                    "not ours, for " + HexFormat.of().formatHex(Arrays.copyOf(bytes, Math.min(1000, bytes.length))), e);
        }
    }

    private static long allocatedBy(Runnable code) {
        var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        code.run();
        return threads.getCurrentThreadAllocatedBytes() - before;
    }
}

package io.github.forkless.common.value;

import static org.assertj.core.api.Assertions.assertThat;
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
import io.github.forkless.common.wire.ByteWriter;
import io.github.forkless.common.wire.WireException;
import java.lang.management.ManagementFactory;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever the bytes are: a value or a {@link WireException}; soon, and with no more memory than they are worth. */
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ValueFuzzTest {
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
            for (int other = at % 3; other < 256; other += 3) {
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
        for (int i = 0; i < 200_000; i++) {
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
        for (int i = 0; i < 50_000; i++) {
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
            assertThatExceptionOfType(WireException.class)
                    .isThrownBy(() -> ValueReader.decode(out.toByteArray(), TypeFinder.NONE))
                    .withMessageContaining("nests values more than 256 deep");
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
            var text = new StringBuilder();
            for (int bit = 0; bit < 15; bit++) {
                text.append((i >> bit & 1) == 0 ? "Aa" : "BB");
            }
            out.putString(text.toString());
        }

        assertThat((Iterable<?>) ValueReader.decode(out.toByteArray(), TypeFinder.NONE))
                .hasSize(keys);
    }

    /** Whether it was understood. */
    private static boolean readOrRefuse(byte[] bytes, TypeFinder types) {
        try {
            ValueReader.decode(bytes, types);
            return true;
        } catch (WireException e) {
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

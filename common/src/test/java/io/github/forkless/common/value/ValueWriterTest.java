package io.github.forkless.common.value;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.sun.management.ThreadMXBean;
import io.github.forkless.common.value.Samples.Point;
import io.github.forkless.common.value.Samples.Wrapper;
import io.github.forkless.common.wire.ByteCounter;
import io.github.forkless.common.wire.ByteWriter;
import io.github.forkless.common.wire.WireException;
import java.lang.management.ManagementFactory;
import java.math.BigInteger;
import java.time.chrono.JapaneseDate;
import java.util.AbstractList;
import java.util.AbstractMap;
import java.util.AbstractSet;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ValueWriterTest {
    record Job(Object items) {}

    /** Packs itself, for ever. */
    record Mirror() {
        static final class Self implements Packable {
            @Override
            public Packed packed() {
                return new Form(this);
            }
        }

        record Form(Self self) implements Packable.Packed {
            @Override
            public Packable unpacked() {
                return self;
            }
        }
    }

    static Stream<Arguments> refused() {
        var stranger = new Object();
        return Stream.of(
                Arguments.of(stranger, "the value is a java.lang.Object,"),
                Arguments.of(new AtomicLong(), "the value is a java.util.concurrent.atomic.AtomicLong,"),
                Arguments.of(JapaneseDate.now(), "the value is a java.time.chrono.JapaneseDate,"),
                Arguments.of(Optional.of(stranger), "the value is a java.lang.Object,"),
                Arguments.of(new ArrayDeque<>(), "the value is a java.util.ArrayDeque,"),
                Arguments.of(
                        new Job(List.of(1, 2, 3, stranger)), "the value.items[3] is a java.lang.Object, which cannot"),
                Arguments.of(new Job(new Object[] {new Job(stranger)}), "the value.items[0].items is a"),
                Arguments.of(new Job(Set.of(stranger)), "the value.items[0] is a"),
                Arguments.of(new Object[][] {{}, {1, stranger}}, "the value[1][1] is a"),
                Arguments.of(Map.of("k", stranger), "the value[k] is a"),
                Arguments.of(Map.of("k", Map.of(2, List.of(1, stranger))), "the value[k][2][1] is a"),
                Arguments.of(Map.of(stranger, 1), "the value.keySet() is a"),
                Arguments.of(new Job(Map.of(List.of(1, stranger), 1)), "the value.items.keySet()[1] is a"));
    }

    @ParameterizedTest
    @MethodSource("refused")
    void whatCannotTravelIsNamedWithItsPlace(Object value, String message) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ValueWriter.encode(value))
                .withMessageStartingWith(message)
                .withMessageEndingWith("which cannot travel between processes as data; use primitives, strings, arrays,"
                        + " lists, maps, records of these, or implement BytesMarshallable");
    }

    static Stream<Object> cycles() {
        var list = new ArrayList<>();
        list.add(list);
        var map = new HashMap<String, Object>();
        map.put("me", map);
        var array = new Object[1];
        array[0] = array;
        var items = new ArrayList<>();
        var record = new Wrapper(items);
        items.add(record);
        return Stream.of(list, map, array, record, new Mirror.Self());
    }

    @ParameterizedTest
    @MethodSource("cycles")
    void whatContainsItselfIsRefused(Object cyclic) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ValueWriter.encode(cyclic))
                .withMessageStartingWith("the value")
                .withMessageEndingWith(" is nested more than 256 deep; does it contain itself?")
                .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(200));
    }

    @Test
    void aLongKeyDoesNotMakeALongMessage() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ValueWriter.encode(Map.of("k".repeat(1_000_000), new Object())))
                .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(500));
    }

    @Test
    void primitiveArraysAreCopiedInBulk() {
        int[] numbers = new int[1000];
        Arrays.fill(numbers, 0x01020304);

        byte[] encoded = ValueWriter.encode(numbers);

        assertThat(encoded).hasSize(1 + 2 + 4000);
        assertThat(Arrays.copyOfRange(encoded, 3, 11)).containsExactly(4, 3, 2, 1, 4, 3, 2, 1);
    }

    @Test
    void aPointIsWrittenAsTheTagsSay() {
        byte[] encoded = ValueWriter.encode(new Point(5, 1.0));

        String name = Point.class.getName();
        assertThat(encoded).startsWith(Tag.NEW_RECORD, name.length(), 'i', 'o');
        byte[] rest = Arrays.copyOfRange(encoded, 2 + name.length(), encoded.length);
        assertThat(rest)
                .startsWith(2, 1, 'x', 1, 'y', Tag.INT, 5, 0, 0, 0, Tag.DOUBLE)
                .hasSize(5 + 5 + 9);
    }

    /** Two and a half gigabytes of the same 64 MB. */
    @Test
    void whatIsTooLargeForAMessageIsRefusedWithItsSizeBeforeItIsWritten() {
        var parts = Collections.nCopies(40, new long[8 << 20]);
        var out = new ByteWriter();
        var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();

        assertThatExceptionOfType(WireException.class)
                .isThrownBy(() -> new ValueWriter(out).write(parts))
                .withMessageContaining("a message would need 2,684,354,762 bytes or more, and can have 2,147,475,455");

        assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(32 << 20);
    }

    /** Each list holds the one before twice: there is no end to it. */
    @Test
    void whatIsTooLargeToBeCountedIsRefused() {
        Object value = new byte[1 << 20];
        for (int i = 0; i < 100; i++) {
            value = List.of(value, value);
        }
        Object endless = value;

        assertThatExceptionOfType(WireException.class)
                .isThrownBy(() -> new ValueWriter(new ByteWriter()).write(endless))
                .withMessageMatching("a message would need [0-9,]+ bytes or more, and can have 2,147,475,455;.*");
    }

    @Test
    void aLargeValueIsWrittenIntoRoomOfItsSize() {
        var out = new ByteWriter();

        new ValueWriter(out).write(Collections.nCopies(10, new long[1 << 20]));

        assertThat(out.array()).hasSizeBetween(out.size(), out.size() + 1000);
    }

    @Test
    void whatIsCountedIsWhatIsWritten() {
        for (Object value : List.of(
                new Wrapper(Map.of("k", List.of(1, 2.0, "text \ud800", BigInteger.TEN))),
                new boolean[] {true, false},
                new short[5000],
                new Object[] {Samples.Size.LARGE, 'c', null, "x".repeat(10_000)},
                new Samples.Histogram(7, "h"),
                new Samples.Counter(8))) {
            var counter = new ByteCounter();
            new ValueWriter(counter).write(value);

            assertThat(counter.count()).isEqualTo(ValueWriter.encode(value).length);
        }
    }

    record Touchy(Object any) {
        @Override
        public Object any() {
            throw new UnsupportedOperationException("touched");
        }
    }

    /** As if a thread took something out of it while it was written. */
    private static final class Shrinking extends AbstractMap<String, Integer> {
        @Override
        public Set<Entry<String, Integer>> entrySet() {
            return new AbstractSet<>() {
                @Override
                public Iterator<Entry<String, Integer>> iterator() {
                    return List.of(Map.entry("k", 1)).iterator();
                }

                @Override
                public int size() {
                    return 2;
                }
            };
        }
    }

    private static final class Angry extends AbstractList<Object> {
        @Override
        public Object get(int index) {
            throw new StackOverflowError();
        }

        @Override
        public int size() {
            return 3;
        }
    }

    static Stream<Arguments> whatMisbehaves() {
        return Stream.of(
                Arguments.of(
                        List.of(new Touchy(1)),
                        "the value[0].any cannot be read: java.lang.UnsupportedOperationException: touched"),
                Arguments.of(
                        Map.of("k", new Shrinking()),
                        "the value[k] is a map of 2 that had 1 when it was written; does a thread change it?"),
                Arguments.of(new Angry(), "the value cannot be read: java.lang.StackOverflowError"),
                Arguments.of(Map.of(new Touchy(1), 1), "the value.keySet().any cannot be read"));
    }

    @ParameterizedTest
    @MethodSource("whatMisbehaves")
    void codeOfTheValuesThatMisbehavesIsTheirsToAnswerFor(Object value, String message) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ValueWriter.encode(value))
                .withMessageStartingWith(message);
    }
}

package io.github.forkless.common.value;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.forkless.common.value.Samples.Counter;
import io.github.forkless.common.value.Samples.Histogram;
import io.github.forkless.common.value.Samples.Node;
import io.github.forkless.common.value.Samples.Nothing;
import io.github.forkless.common.value.Samples.Point;
import io.github.forkless.common.value.Samples.Size;
import io.github.forkless.common.value.Samples.Version;
import io.github.forkless.common.value.Samples.Wrapper;
import io.github.forkless.common.wire.ByteReader;
import io.github.forkless.common.wire.ByteWriter;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.file.Path;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.Month;
import java.time.MonthDay;
import java.time.OffsetDateTime;
import java.time.OffsetTime;
import java.time.Period;
import java.time.Year;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.LinkedList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ValueRoundTripTest {

    static Stream<Object> simpleValues() {
        return Stream.of(
                true,
                false,
                Byte.MIN_VALUE,
                (byte) -1,
                Short.MIN_VALUE,
                Short.MAX_VALUE,
                0,
                Integer.MIN_VALUE,
                Long.MIN_VALUE,
                Long.MAX_VALUE,
                -0.0f,
                Float.NaN,
                Float.MIN_VALUE,
                -0.0,
                Double.NaN,
                Double.NEGATIVE_INFINITY,
                Double.MIN_VALUE,
                'x',
                '\uffff',
                '\ud800',
                "",
                "a \0 \n \u00fc \ud83d\ude00",
                "? \ud83d \ude00",
                "x".repeat(100_000),
                BigInteger.ZERO,
                BigInteger.TWO.pow(1000).negate(),
                Instant.MIN,
                Instant.parse("2026-01-02T03:04:05.678901234Z"),
                Duration.ofSeconds(-1, 1),
                LocalDate.MAX,
                LocalTime.MAX,
                LocalDateTime.MIN,
                OffsetTime.MAX,
                OffsetDateTime.MIN,
                // Twice in that night it is 2:30: this is the later one.
                ZonedDateTime.ofInstant(Instant.parse("2025-10-26T01:30:00Z"), ZoneId.of("Europe/Berlin")),
                ZonedDateTime.ofInstant(Instant.EPOCH, ZoneOffset.ofHours(-3)),
                Period.of(-1, 20, 300),
                Year.of(-4),
                YearMonth.of(2026, 12),
                MonthDay.of(2, 29),
                ZoneId.of("America/New_York"),
                ZoneOffset.ofTotalSeconds(1),
                DayOfWeek.SUNDAY,
                Month.MAY,
                new UUID(Long.MIN_VALUE, -1),
                Path.of(""),
                Path.of("/a b/\u00fc"),
                Optional.empty(),
                Optional.of(Optional.of(1)),
                new BigDecimal("1.10"),
                new BigDecimal(BigInteger.ONE, Integer.MIN_VALUE),
                Size.MEDIUM,
                Size.LARGE,
                new Nothing(),
                new Point(-1, 0.1),
                new Wrapper(null),
                new Histogram(7, "h\u00f6he"));
    }

    @ParameterizedTest
    @MethodSource("simpleValues")
    void aValueComesBackEqualAndOfTheSameClass(Object value) {
        Object back = roundTrip(value);

        assertThat(back).isEqualTo(value).hasSameClassAs(value);
    }

    @Test
    void stringsThatDifferInHalfACharacterStayDifferent() {
        Set<String> halves = Set.of("\ud800", "\ud801", "\udc00", "?", "\ufffd");

        assertThat(roundTrip(halves)).isEqualTo(halves);
    }

    @Test
    void nullIsAValue() {
        assertThat(roundTrip(null)).isNull();
    }

    @Test
    void theBitsOfANaNAreKept() {
        double odd = Double.longBitsToDouble(0x7ff0_0000_dead_beefL);
        float oddFloat = Float.intBitsToFloat(0x7fc0_beef);

        assertThat(Double.doubleToRawLongBits((double) roundTrip(odd))).isEqualTo(0x7ff0_0000_dead_beefL);
        assertThat(Float.floatToRawIntBits((float) roundTrip(oddFloat))).isEqualTo(0x7fc0_beef);
    }

    static Stream<Arguments> arrays() {
        return Stream.<Object>of(
                        new boolean[] {true, false, true},
                        new byte[] {Byte.MIN_VALUE, 0, Byte.MAX_VALUE},
                        new short[] {Short.MIN_VALUE, 1, Short.MAX_VALUE},
                        new char[] {'\0', 'a', '\uffff'},
                        new int[] {Integer.MIN_VALUE, 0x01020304, Integer.MAX_VALUE},
                        new long[] {Long.MIN_VALUE, 0x0102030405060708L, Long.MAX_VALUE},
                        new float[] {-0.0f, 1.5f, Float.NaN},
                        new double[] {-0.0, 1.5, Double.NaN},
                        new boolean[0],
                        new byte[0],
                        new short[0],
                        new char[0],
                        new int[0],
                        new long[0],
                        new float[0],
                        new double[0],
                        IntStream.range(0, 100_000).toArray(),
                        new int[][] {{1}, {}, null, {2, 3}},
                        new double[][][] {{{0.5}}, {}},
                        new String[] {"a", null, ""},
                        new String[0],
                        new String[][] {{"a"}, null},
                        new Object[] {1, "a", null, new int[] {1}, List.of(2L)},
                        new Integer[] {1, null},
                        new Long[] {1L},
                        new Number[] {1, 2.0, BigInteger.TEN},
                        new BigDecimal[] {BigDecimal.TEN},
                        new List<?>[] {new ArrayList<>(List.of(1)), null},
                        new Map<?, ?>[] {new LinkedHashMap<>(Map.of(1, 2))},
                        new Point[] {new Point(1, 2), null},
                        new Point[][] {{new Point(1, 2)}, {}},
                        new Size[] {Size.LARGE, Size.SMALL},
                        new Histogram[] {new Histogram(1, "a")})
                .map(array -> Arguments.of(new Object[] {array})); // or else its items would be the arguments
    }

    @ParameterizedTest
    @MethodSource("arrays")
    void anArrayComesBackEqualAndOfTheSameClass(Object array) {
        Object back = roundTrip(array);

        assertThat(back).hasSameClassAs(array);
        assertThat(Arrays.deepEquals(new Object[] {back}, new Object[] {array})).isTrue();
    }

    @Test
    void listsComeBackAsArrayLists() {
        for (List<?> list : List.of(
                List.of(),
                List.of(1, "a"),
                new LinkedList<>(Arrays.asList(null, 1)),
                Collections.nCopies(1000, 'x'),
                Arrays.asList(1, null))) {
            assertThat(roundTrip(list)).isEqualTo(list).isExactlyInstanceOf(ArrayList.class);
        }
    }

    @Test
    void aListThatComesBackCanBeChanged() {
        @SuppressWarnings("unchecked")
        var back = (List<Object>) roundTrip(List.of(1));

        back.add(2);

        assertThat(back).containsExactly(1, 2);
    }

    @Test
    void setsAndMapsKeepTheirOrder() {
        var set = new LinkedHashSet<>(List.of("z", "a", "m"));
        set.add(null);
        var map = new LinkedHashMap<>();
        map.put("z", 1);
        map.put(null, null);
        map.put("a", 2);

        assertThat(roundTrip(set)).isExactlyInstanceOf(LinkedHashSet.class).isEqualTo(set);
        assertThat((Iterable<?>) roundTrip(set)).hasToString("[z, a, m, null]");
        assertThat(roundTrip(map)).isExactlyInstanceOf(LinkedHashMap.class).isEqualTo(map);
        assertThat(roundTrip(map)).hasToString("{z=1, null=null, a=2}");
    }

    @Test
    void hashedAndImmutableSetsAndMapsComeBackLinked() {
        assertThat(roundTrip(new HashSet<>(List.of(1, 2))))
                .isEqualTo(java.util.Set.of(1, 2))
                .isExactlyInstanceOf(LinkedHashSet.class);
        assertThat(roundTrip(java.util.Set.of())).isExactlyInstanceOf(LinkedHashSet.class);
        assertThat(roundTrip(EnumSet.of(Size.LARGE, Size.SMALL))).isEqualTo(EnumSet.of(Size.SMALL, Size.LARGE));
        assertThat(roundTrip(new HashMap<>(Map.of(1, 2)))).isEqualTo(Map.of(1, 2));
        assertThat(roundTrip(new EnumMap<>(Map.of(Size.LARGE, 2)))).isEqualTo(Map.of(Size.LARGE, 2));
    }

    @Test
    void whatIsSortedInNaturalOrderStaysSorted() {
        var set = new TreeSet<>(List.of("z", "a", "m"));
        var map = new TreeMap<>(Map.of(new Version(1, 10), 1, new Version(1, 9), 2));

        assertThat(roundTrip(set)).isExactlyInstanceOf(TreeSet.class).isEqualTo(set);
        assertThat(roundTrip(map)).isExactlyInstanceOf(TreeMap.class).isEqualTo(map);
        assertThat(roundTrip(new TreeSet<>())).isExactlyInstanceOf(TreeSet.class);
        assertThat(roundTrip(new TreeMap<>())).isExactlyInstanceOf(TreeMap.class);
        assertThat(roundTrip(new TreeMap<>(Map.of(Size.SMALL, 1, Size.LARGE, 2, Size.MEDIUM, 3))))
                .isExactlyInstanceOf(TreeMap.class)
                .asString()
                .isEqualTo("{SMALL=1, MEDIUM=3, enormous=2}");
    }

    @Test
    void whatIsSortedOtherwiseKeepsItsOrder() {
        var set = new TreeSet<String>(Comparator.reverseOrder());
        set.addAll(List.of("a", "m", "z"));
        var map = new TreeMap<String, Integer>(Comparator.reverseOrder());
        map.putAll(Map.of("a", 1, "z", 2));

        assertThat((Iterable<?>) roundTrip(set))
                .isExactlyInstanceOf(LinkedHashSet.class)
                .asString()
                .isEqualTo("[z, m, a]");
        assertThat(roundTrip(map))
                .isExactlyInstanceOf(LinkedHashMap.class)
                .asString()
                .isEqualTo("{z=2, a=1}");
    }

    @Test
    void recordsNest() {
        var leaf = new Node("leaf", List.of(), Map.of(), new Point[0]);
        var root = new Node("root", List.of(leaf, leaf), Map.of("k", new long[] {1, 2}), new Point[] {new Point(3, 4)});

        var back = (Node) roundTrip(root);

        assertThat(back).usingRecursiveComparison().isEqualTo(root);
    }

    @Test
    void aRecordClassIsNamedOnlyOnce() {
        List<Point> points =
                IntStream.range(0, 1000).mapToObj(i -> new Point(i, i)).toList();

        byte[] encoded = ValueWriter.encode(points);

        assertThat(ValueReader.decode(encoded, Samples.ALL)).isEqualTo(points);
        assertThat(encoded).hasSizeLessThan(17 * 1000);
    }

    @Test
    void severalValuesInOneEncodingShareTheirRecordClasses() {
        var out = new ByteWriter();
        var writer = new ValueWriter(out);
        writer.write(new Point(1, 2));
        writer.write(new Nothing());
        writer.write(new Point(3, 4));
        var in = new ByteReader(out.toByteArray());
        var reader = new ValueReader(in, Samples.ALL);

        assertThat(reader.read()).isEqualTo(new Point(1, 2));
        assertThat(reader.read()).isEqualTo(new Nothing());
        assertThat(reader.read()).isEqualTo(new Point(3, 4));
        in.expectEnd();
    }

    @Test
    void aLocalRecordTravels() {
        record Local(int[] numbers, Object self) {}

        assertThat(roundTrip(new Local(new int[] {1}, new Local(null, null))))
                .usingRecursiveComparison()
                .isEqualTo(new Local(new int[] {1}, new Local(null, null)));
    }

    @Test
    void aPackableTravelsInItsOtherForm() {
        Object back = roundTrip(List.of(new Counter(42), new Wrapper(new Counter(-1))));

        assertThat(back).usingRecursiveComparison().isEqualTo(List.of(new Counter(42), new Wrapper(new Counter(-1))));
        assertThat(roundTrip(new Counter(42))).isExactlyInstanceOf(Counter.class);
    }

    @Test
    void whatIsNotNestedTooDeepTravels() {
        Object value = "core";
        for (int i = 0; i < ValueWriter.MAX_DEPTH; i++) {
            value = i % 2 == 0 ? List.of(value) : new Wrapper(value);
        }

        assertThat(roundTrip(value)).isEqualTo(value);
    }

    private static Object roundTrip(Object value) {
        return ValueReader.decode(ValueWriter.encode(value), Samples.ALL);
    }
}

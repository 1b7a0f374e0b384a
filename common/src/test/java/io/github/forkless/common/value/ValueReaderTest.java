package io.github.forkless.common.value;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.forkless.common.value.Samples.Counter;
import io.github.forkless.common.value.Samples.Histogram;
import io.github.forkless.common.value.Samples.Point;
import io.github.forkless.common.value.Samples.Positive;
import io.github.forkless.common.value.Samples.Size;
import io.github.forkless.common.value.Samples.Version;
import io.github.forkless.common.value.Samples.WithoutConstructor;
import io.github.forkless.common.value.Samples.Wrapper;
import io.github.forkless.common.wire.ByteReader;
import io.github.forkless.common.wire.ByteWriter;
import io.github.forkless.common.wire.WireException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import net.openhft.chronicle.bytes.BytesIn;
import net.openhft.chronicle.bytes.BytesMarshallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whose classes a reader makes objects of, and what becomes of the others. */
class ValueReaderTest {
    /** What the traps below do when they run. */
    private static final List<String> RAN = new ArrayList<>();

    record TrapRecord(int x) {
        static {
            RAN.add("the initializer of a record");
        }

        TrapRecord {
            RAN.add("the constructor of a record");
        }
    }

    enum TrapEnum {
        ONLY;

        static {
            RAN.add("the initializer of an enum");
        }
    }

    static final class TrapClass {
        static {
            RAN.add("the initializer of a class");
        }

        TrapClass() {
            RAN.add("the constructor of a class");
        }
    }

    static final class TrapMarshallable implements BytesMarshallable {
        static {
            RAN.add("the initializer of a marshallable");
        }

        @Override
        public void readMarshallable(BytesIn<?> bytes) {
            RAN.add("the code of a marshallable");
        }
    }

    @Test
    void withoutTypesARecordIsItsParts() {
        Object back = ValueReader.decode(ValueWriter.encode(new Wrapper(new Point(1, 2))), TypeFinder.NONE);

        var point = new LinkedHashMap<String, Object>();
        point.put("x", 1);
        point.put("y", 2.0);
        assertThat(back)
                .isEqualTo(new RecordValue(
                        Wrapper.class.getName(), Map.of("any", new RecordValue(Point.class.getName(), point))));
        assertThat(((RecordValue) ((RecordValue) back).components().get("any")).components())
                .containsExactlyEntriesOf(point);
    }

    @Test
    void withoutTypesTheFormOfAPackableIsARecordToo() {
        assertThat(ValueReader.decode(ValueWriter.encode(new Counter(5)), TypeFinder.NONE))
                .isEqualTo(new RecordValue(Counter.Text.class.getName(), Map.of("digits", "5")));
    }

    @Test
    void withoutTypesAnEnumConstantIsItsName() {
        assertThat(ValueReader.decode(ValueWriter.encode(List.of(Size.LARGE)), TypeFinder.NONE))
                .isEqualTo(List.of("LARGE"));
    }

    @Test
    void withoutTypesAnArrayOfOthersIsAnArrayOfObjects() {
        Object back = ValueReader.decode(ValueWriter.encode(new Size[][] {{Size.SMALL}, null}), TypeFinder.NONE);

        assertThat(back).isEqualTo(new Object[][] {{"SMALL"}, null}).isExactlyInstanceOf(Object[][].class);
    }

    @Test
    void withoutTypesAMarshallableIsRefused() {
        assertThatExceptionOfType(ValueRefusedException.class)
                .isThrownBy(() -> ValueReader.decode(ValueWriter.encode(new Histogram(1, "")), TypeFinder.NONE))
                .withMessageContaining("holds a " + Histogram.class.getName()
                        + ", a BytesMarshallable, which is not read on this side;" + " finish a job with plain data");
    }

    @Test
    void withoutTypesWhatWasSortedByThemKeepsItsOrder() {
        var versions = new TreeMap<>(Map.of(new Version(1, 10), "new", new Version(1, 9), "old"));
        var sizes = new TreeSet<>(List.of(Size.values()));

        var back = (Map<?, ?>) ValueReader.decode(ValueWriter.encode(versions), TypeFinder.NONE);

        assertThat(back.values().toArray()).containsExactly("old", "new");
        assertThat((Iterable<?>) ValueReader.decode(ValueWriter.encode(sizes), TypeFinder.NONE))
                .hasToString("[SMALL, MEDIUM, LARGE]");
    }

    @Test
    void onlyGrantedTypesAreMade() {
        TypeFinder points = name -> name.equals(Point.class.getName()) ? Optional.of(Point.class) : Optional.empty();

        assertThat(ValueReader.decode(ValueWriter.encode(List.of(new Point(1, 2), new Wrapper(3))), points))
                .isEqualTo(List.of(new Point(1, 2), new RecordValue(Wrapper.class.getName(), Map.of("any", 3))));
    }

    @Test
    void aClassThatIsOnlyNamedIsNeverLoadedNorRun() throws ReflectiveOperationException {
        var loader = new WatchingLoader();
        Class<?> reader = loader.loadClass(ValueReader.class.getName());
        Class<?> types = loader.loadClass(TypeFinder.class.getName());
        Object none = types.getField("NONE").get(null);
        ClassLoader usual = Thread.currentThread().getContextClassLoader();
        Thread.currentThread().setContextClassLoader(loader);
        try {
            for (byte[] named : traps(Tag.NEW_RECORD, Tag.ENUM, Tag.OBJECT_ARRAY, Tag.MARSHALLED)) {
                try {
                    reader.getMethod("decode", byte[].class, types).invoke(null, named, none);
                } catch (InvocationTargetException e) {
                    assertThat(e.getCause().getClass().getName())
                            .isIn(WireException.class.getName(), ValueRefusedException.class.getName());
                }
            }
        } finally {
            Thread.currentThread().setContextClassLoader(usual);
        }

        assertThat(loader.asked)
                .contains(ByteWriter.class.getName().replace("Writer", "Reader"))
                .noneMatch(name -> name.contains("Trap"));
        assertThat(RAN).isEmpty();
    }

    @Test
    void aGrantedClassThatIsNotWhatItIsTakenForIsNotRun() {
        for (String name : List.of(TrapClass.class.getName(), "java.util.ArrayList", "java.lang.Thread")) {
            for (int tag : new int[] {Tag.NEW_RECORD, Tag.ENUM, Tag.MARSHALLED}) {
                assertThatExceptionOfType(WireException.class)
                        .as("%s as %d", name, tag)
                        .isThrownBy(() -> ValueReader.decode(naming(tag, name), Samples.ALL))
                        .withMessageContaining("takes " + name + " for ");
            }
        }
        assertThat(RAN).isEmpty();
    }

    @Test
    void aRecordThatRefusesItsComponentsIsAnError() {
        byte[] encoded = ValueWriter.encode(new Positive(1));
        encoded[encoded.length - 8] = 0;

        assertThatExceptionOfType(ValueRefusedException.class)
                .isThrownBy(() -> ValueReader.decode(encoded, Samples.ALL))
                .withMessageContaining("a " + Positive.class.getName() + " refused its components")
                .withMessageContaining("0 is not positive");
    }

    @ParameterizedTest
    @ValueSource(strings = {"not a number", "", "99999999999999999999999"})
    void aPackedFormThatIsNoneIsAnError(String digits) {
        byte[] encoded = ValueWriter.encode(new Counter.Text(digits));

        assertThatExceptionOfType(ValueRefusedException.class)
                .isThrownBy(() -> ValueReader.decode(encoded, Samples.ALL))
                .withMessageContaining(Counter.Text.class.getName());
    }

    @Test
    void aRecordOfAnotherVersionIsNamedWithBothForms() {
        byte[] encoded = encode(out -> {
            out.putByte(Tag.NEW_RECORD);
            out.putString(Point.class.getName());
            out.putVarint(1);
            out.putString("radius");
            out.putByte(Tag.NULL);
        });

        assertThatExceptionOfType(WireException.class)
                .isThrownBy(() -> ValueReader.decode(encoded, Samples.ALL))
                .withMessageContaining("has " + Point.class.getName() + "[radius], but here it is [x, y];"
                        + " use the same version on both sides");
    }

    @ParameterizedTest
    @ValueSource(ints = {Tag.NULL, Tag.TRUE})
    void componentsOfTheWrongTypeAreAnError(int tag) {
        byte[] encoded = encode(out -> {
            out.putByte(Tag.NEW_RECORD);
            out.putString(Point.class.getName());
            out.putVarint(2);
            out.putString("x");
            out.putString("y");
            out.putByte(tag);
            out.putByte(tag);
        });

        assertThatExceptionOfType(WireException.class)
                .isThrownBy(() -> ValueReader.decode(encoded, Samples.ALL))
                .withMessageContaining("has components that do not fit " + Point.class.getName());
    }

    @Test
    void aConstantThatTheEnumDoesNotHaveIsAnError() {
        byte[] encoded = encode(out -> {
            out.putByte(Tag.ENUM);
            out.putString(Size.class.getName());
            out.putString("HUGE");
        });

        assertThatExceptionOfType(WireException.class)
                .isThrownBy(() -> ValueReader.decode(encoded, Samples.ALL))
                .withMessageContaining("names HUGE, which is not one of [SMALL, MEDIUM, LARGE]");
    }

    @Test
    void aMarshallableThatCannotBeMadeIsAnError() {
        assertThatExceptionOfType(ValueRefusedException.class)
                .isThrownBy(() -> ValueReader.decode(ValueWriter.encode(new WithoutConstructor(1)), Samples.ALL))
                .withMessageContaining(
                        WithoutConstructor.class.getName() + " needs a constructor without arguments to be read back");
    }

    @Test
    void aMarshallableThatCannotReadItsBytesIsAnError() {
        byte[] encoded = encode(out -> {
            out.putByte(Tag.MARSHALLED);
            out.putString(Histogram.class.getName());
            out.putBytes(new byte[] {1, 2, 3, 4, 100});
        });

        assertThatExceptionOfType(ValueRefusedException.class)
                .isThrownBy(() -> ValueReader.decode(encoded, Samples.ALL))
                .withMessageContaining("a " + Histogram.class.getName() + " cannot read its bytes");
    }

    enum Season {
        SMALL
    }

    /** Nothing is lost without a word: two constants are one name where their classes are not granted. */
    @Test
    void keysThatWereDifferentAreNotMadeOne() {
        for (Object keys : List.of(Set.of(Size.SMALL, Season.SMALL), Map.of(Size.SMALL, 1, Season.SMALL, 2))) {
            byte[] encoded = ValueWriter.encode(keys);

            assertThat(ValueReader.decode(encoded, Samples.ALL)).isEqualTo(keys);
            assertThatExceptionOfType(ValueRefusedException.class)
                    .isThrownBy(() -> ValueReader.decode(encoded, TypeFinder.NONE))
                    .withMessageContaining("two keys that were different where it was sent, and are one here: SMALL;");
        }
    }

    @Test
    void aRecordWithTwoComponentsOfOneNameIsRefused() {
        byte[] encoded = encode(out -> {
            out.putByte(Tag.NEW_RECORD);
            out.putString("Twins");
            out.putVarint(2);
            out.putString("x");
            out.putString("x");
            out.putByte(Tag.NULL);
            out.putByte(Tag.NULL);
        });

        assertThatExceptionOfType(WireException.class)
                .isThrownBy(() -> ValueReader.decode(encoded, TypeFinder.NONE))
                .withMessageContaining("two components of one name: [x, x]");
    }

    /** What it throws where; static, because a record's methods are asked by a reader that makes it. */
    private static Throwable thrown;

    private static String throwingIn = "";

    private static void throwIn(String method) {
        if (method.equals(throwingIn)) {
            ValueReaderTest.<RuntimeException>sneak(thrown);
        }
    }

    @SuppressWarnings("unchecked") // it is thrown whatever it is
    private static <T extends Throwable> void sneak(Throwable any) throws T {
        throw (T) any;
    }

    record Touchy(int x) implements Comparable<Touchy> {
        Touchy {
            throwIn("constructor");
        }

        @Override
        public boolean equals(Object other) {
            throwIn("equals");
            return other instanceof Touchy touchy && x == touchy.x;
        }

        @Override
        public int hashCode() {
            throwIn("hashCode");
            return 1;
        }

        @Override
        public int compareTo(Touchy other) {
            throwIn("compareTo");
            return Integer.compare(x, other.x);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"constructor", "equals", "hashCode", "compareTo"})
    void whatCodeOfTheProgramThrowsIsToldFromBrokenBytes(String method) {
        Object values = method.equals("compareTo")
                ? new TreeSet<>(List.of(new Touchy(1), new Touchy(2)))
                : Set.of(new Touchy(1), new Touchy(2));
        byte[] encoded = ValueWriter.encode(values);
        var circular = new RuntimeException("first");
        circular.initCause(new RuntimeException("second", circular));
        try {
            for (Throwable any : List.of(
                    circular, new IOException("checked"), new StackOverflowError(), new AssertionError("odd"))) {
                thrown = any;
                throwingIn = method;
                assertThatExceptionOfType(ValueRefusedException.class)
                        .isThrownBy(() -> ValueReader.decode(encoded, Samples.ALL))
                        .withMessageContaining(any.toString())
                        .withCause(any);
            }
        } finally {
            throwingIn = "";
        }
    }

    enum Unlucky {
        ONLY;

        static {
            sneak(new ArithmeticException("unlucky"));
        }
    }

    @Test
    void anEnumThatCannotBeInitializedIsRefused() {
        assertThatExceptionOfType(ValueRefusedException.class)
                .isThrownBy(() -> ValueReader.decode(naming(Tag.ENUM, Unlucky.class.getName()), Samples.ALL))
                .withMessageContaining("ExceptionInInitializerError, caused by java.lang.ArithmeticException: unlucky");
    }

    @Test
    void integersAreReadUpToTheLengthThatMayBe() {
        var bounds = new ValueReader.Bounds(Long.MAX_VALUE, 1000);
        for (Object number : List.of(BigInteger.TWO.pow(999).negate(), new BigDecimal(BigInteger.TWO.pow(990), 5))) {
            var in = new ByteReader(ValueWriter.encode(number));
            assertThat(new ValueReader(in, TypeFinder.NONE, bounds).read()).isEqualTo(number);
        }
        for (Object number : List.of(BigInteger.TWO.pow(2000), new BigDecimal(BigInteger.TWO.pow(2000), 5))) {
            var in = new ByteReader(ValueWriter.encode(number));
            assertThatExceptionOfType(ValueRefusedException.class)
                    .isThrownBy(() -> new ValueReader(in, TypeFinder.NONE, bounds).read())
                    .withMessageContaining("holds an integer of 2008 bits, which takes long to print");
        }
    }

    @Test
    void whatFollowsAValueIsAnError() {
        assertThatExceptionOfType(WireException.class)
                .isThrownBy(() -> ValueReader.decode(new byte[] {Tag.TRUE, Tag.NULL}, TypeFinder.NONE))
                .withMessageContaining("has 1 bytes too many");
    }

    private static List<byte[]> traps(int... tags) {
        List<byte[]> all = new ArrayList<>();
        for (int tag : tags) {
            for (String name : List.of("TrapRecord", "TrapEnum", "TrapClass", "TrapMarshallable")) {
                all.add(naming(tag, ValueReaderTest.class.getName() + "$" + name));
            }
        }
        return all;
    }

    /** A value of this kind and class, with contents as harmless as can be. */
    private static byte[] naming(int tag, String type) {
        return encode(out -> {
            out.putByte(tag);
            out.putString(type);
            switch (tag) {
                case Tag.NEW_RECORD -> {
                    out.putVarint(1);
                    out.putString("x");
                    out.putByte(Tag.INT);
                    out.putInt(1);
                }
                case Tag.ENUM -> out.putString("ONLY");
                case Tag.OBJECT_ARRAY -> {
                    out.putVarint(1);
                    out.putByte(Tag.NULL);
                }
                default -> out.putBytes(new byte[0]);
            }
        });
    }

    private static byte[] encode(Consumer<ByteWriter> content) {
        var out = new ByteWriter();
        content.accept(out);
        return out.toByteArray();
    }

    /** Loads this project's classes anew, so that whatever they look for is asked of this loader, and notes it. */
    private static final class WatchingLoader extends ClassLoader {
        private final List<String> asked = new ArrayList<>();

        WatchingLoader() {
            super(ValueReaderTest.class.getClassLoader());
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            asked.add(name);
            Class<?> loaded = findLoadedClass(name);
            if (loaded != null || !name.startsWith("io.github.forkless.")) {
                return loaded != null ? loaded : super.loadClass(name, resolve);
            }
            try (InputStream file = getResourceAsStream(name.replace('.', '/') + ".class")) {
                byte[] bytes = file.readAllBytes();
                return defineClass(name, bytes, 0, bytes.length);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}

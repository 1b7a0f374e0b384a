package io.github.forkless.common.shared;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Records are what they were, and their columns have what is in them. */
class TableTest {
    private enum Side {
        BUY,
        SELL {
            @Override
            public String toString() {
                return "sells";
            }
        }
    }

    private record Address(String city, int zip) {}

    private record Person(String name, Address address, Address second) {}

    private record Everything(
            boolean flag,
            byte b,
            short s,
            char c,
            int i,
            long l,
            float f,
            double d,
            Boolean boxedFlag,
            Byte boxedByte,
            Short boxedShort,
            Character boxedChar,
            Integer boxedInt,
            Long boxedLong,
            Float boxedFloat,
            Double boxedDouble,
            String text,
            Side side,
            Person person,
            Instant instant,
            Duration duration,
            LocalDate date,
            LocalTime time,
            LocalDateTime dateTime,
            UUID id) {}

    private static final Everything EMPTY = new Everything(
            false, (byte) 0, (short) 0, '\0', 0, 0, 0, 0, null, null, null, null, null, null, null, null, null, null,
            null, null, null, null, null, null, null);

    private static Everything everything(int n) {
        if (n % 5 == 3) {
            return EMPTY;
        }
        return new Everything(
                n % 2 == 0,
                (byte) n,
                (short) (n * 77),
                (char) (65_535 - n),
                n * 1_000_003,
                n * 1_000_000_000_039L,
                n == 0 ? Float.intBitsToFloat(0x7f800001) : n * 0.1f,
                n == 0 ? Double.longBitsToDouble(0x7ff0000000000001L) : -n * 0.0,
                n % 3 == 0,
                (byte) -n,
                (short) -n,
                (char) n,
                -n,
                (long) -n,
                n * 0.5f,
                n * 0.25,
                n % 7 == 0 ? null : "text \ud83d " + n,
                n % 4 == 0 ? null : Side.values()[n % 2],
                new Person("name " + n, n % 3 == 0 ? null : new Address(n % 2 == 0 ? null : "日本", n), null),
                n == 0 ? Instant.MIN : n == 1 ? Instant.MAX : Instant.ofEpochSecond(n, 999_999_999 - n),
                n == 0 ? Duration.ofSeconds(Long.MIN_VALUE) : Duration.ofNanos(-n),
                n == 0 ? LocalDate.MIN : n == 1 ? LocalDate.MAX : LocalDate.ofEpochDay(-n),
                n == 0 ? LocalTime.MAX : LocalTime.ofNanoOfDay(n),
                n == 0 ? LocalDateTime.MAX : LocalDateTime.of(2024, 2, 29, 1, 2, 3, n),
                new UUID(-n, n));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 7, 8, 9, 5000})
    void recordsAreReadAsTheyWere(int count) {
        List<Everything> records =
                IntStream.range(0, count).mapToObj(TableTest::everything).toList();

        assertThat(all(SharedInFile.read(Table.of(records)))).isEqualTo(records);
        assertThat(all(SharedInFile.read(Table.of(Everything.class, records)))).isEqualTo(records);
        assertThat(all(SharedInFile.read(Table.of(Everything.class, count, i -> everything((int) i)))))
                .isEqualTo(records);
        assertThat(all(SharedInFile.read(
                        Table.of(Everything.class, records.stream().parallel()))))
                .isEqualTo(records);
    }

    private static <R extends Record> List<R> all(Table<R> table) {
        List<R> all = new ArrayList<>();
        for (long i = 0; i < table.count(); i++) {
            all.add(table.at(i));
        }
        return all;
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void columnsHaveWhatIsInTheRecords(boolean isCounted) {
        List<Everything> records =
                IntStream.range(0, 20).mapToObj(TableTest::everything).toList();
        Table<Everything> table =
                SharedInFile.read(isCounted ? Table.of(records) : Table.of(Everything.class, records.stream()));

        for (Table<Everything> some :
                List.of(table, table.part(3, 17), table.part(3, 17).part(1, 9))) {
            List<Everything> expected = all(some);
            for (int n = 0; n < expected.size(); n++) {
                Everything e = expected.get(n);
                assertThat(some.bytes("flag").at(n)).isEqualTo((byte) (e.flag ? 1 : 0));
                assertThat(some.bytes("b").at(n)).isEqualTo(e.b);
                assertThat(some.shorts("s").at(n)).isEqualTo(e.s);
                assertThat(some.chars("c").at(n)).isEqualTo(e.c);
                assertThat(some.ints("i").at(n)).isEqualTo(e.i);
                assertThat(some.longs("l").at(n)).isEqualTo(e.l);
                assertThat(Float.floatToRawIntBits(some.floats("f").at(n))).isEqualTo(Float.floatToRawIntBits(e.f));
                assertThat(Double.doubleToRawLongBits(some.doubles("d").at(n)))
                        .isEqualTo(Double.doubleToRawLongBits(e.d));
                assertThat(some.strings("text").at(n)).isEqualTo(e.text);
                assertThat(some.isNull("text", n)).isEqualTo(e.text == null);
                assertThat(some.shorts("side").at(n)).isEqualTo((short) (e.side == null ? -1 : e.side.ordinal()));
                assertThat(some.isNull("side", n)).isEqualTo(e.side == null);
                assertThat(some.isNull("boxedInt", n)).isEqualTo(e.boxedInt == null);
                assertThat(some.ints("boxedInt").at(n)).isEqualTo(e.boxedInt == null ? 0 : e.boxedInt);
                assertThat(some.isNull("l", n)).isFalse();
                assertThat(some.isNull("person", n)).isEqualTo(e.person == null);
                assertThat(some.isNull("person.address", n)).isEqualTo(e.person == null || e.person.address == null);
                assertThat(some.strings("person.name").at(n)).isEqualTo(e.person == null ? null : e.person.name);
                assertThat(some.longs("instant.epochSecond").at(n))
                        .isEqualTo(e.instant == null ? 0 : e.instant.getEpochSecond());
                assertThat(some.ints("duration.nano").at(n)).isEqualTo(e.duration == null ? 0 : e.duration.getNano());
                assertThat(some.longs("dateTime.date.epochDay").at(n))
                        .isEqualTo(
                                e.dateTime == null
                                        ? 0
                                        : e.dateTime.toLocalDate().toEpochDay());
            }
            assertThat(some.doubles("d").count()).isEqualTo(some.count());
            assertThatExceptionOfType(IndexOutOfBoundsException.class)
                    .isThrownBy(() -> some.doubles("d").at(some.count()));
            assertThatExceptionOfType(IndexOutOfBoundsException.class).isThrownBy(() -> some.at(some.count()));
            assertThatExceptionOfType(IndexOutOfBoundsException.class).isThrownBy(() -> some.at(-1));
            assertThatExceptionOfType(IndexOutOfBoundsException.class)
                    .isThrownBy(() -> some.isNull("text", some.count()));
            assertThatExceptionOfType(IndexOutOfBoundsException.class).isThrownBy(() -> some.part(0, some.count() + 1));
        }
    }

    @Test
    void columnsBeginAtMultiplesOf64Bytes() {
        Table<Everything> table = SharedInFile.read(Table.of(Everything.class, 13, i -> everything((int) i)));
        assertThat(table.doubles("d").segment().address() % 64).isZero();
        assertThat(table.chars("c").segment().address() % 64).isZero();
    }

    private record Trade(double price, String symbol, Side side, Address from) {}

    @Test
    void aColumnThatIsNotThereIsRefusedWithThoseThatAre() {
        Table<Trade> table = SharedInFile.read(Table.of(List.of(new Trade(1, "A", Side.BUY, null))));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> table.doubles("prise"))
                .withMessage("there is no column 'prise' in the table of " + Trade.class.getName()
                        + ", which has price (double), symbol (String), side (enum), from (record), from.city (String),"
                        + " from.zip (int)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> table.isNull("from.", 0))
                .withMessageStartingWith("there is no column 'from.'");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> table.longs("price"))
                .withMessage("the column 'price' is double; longs reads long: use doubles");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> table.strings("side"))
                .withMessage("the column 'side' is enum; strings reads String: use shorts");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> table.ints("from"))
                .withMessage("the column 'from' is record; ints reads int: use the columns of its parts");
    }

    private record WithList(int a, List<String> tags) {}

    private record Outer(String name, WithList inner) {}

    private record Linked(int value, Linked next) {}

    private record Loose<T>(T value) {}

    private record Arrays(double[] values) {}

    @Test
    void whatCannotBeAColumnIsRefusedByName() {
        String wayOut =
                "; a column is a primitive or its box, a String, an enum, an Instant, Duration, LocalDate, LocalTime,"
                        + " LocalDateTime or UUID, or a record of these: share a record without it, or objects of any"
                        + " shape with pool.shareRecords";
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Table.of(List.of(new Outer("a", null))))
                .withMessage("records of " + Outer.class.getName() + " cannot be shared as columns: "
                        + WithList.class.getName() + ".tags is a java.util.List<java.lang.String>" + wayOut);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Table.of(Linked.class, 1, i -> null))
                .withMessageContaining(
                        "Linked.next is a " + Linked.class.getName() + " in a " + Linked.class.getName());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Table.of(Loose.class, Stream.of()))
                .withMessageContaining("Loose.value is a T;");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Table.of(List.of(new Arrays(null))))
                .withMessageContaining("Arrays.values is a double[];");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Table.of(Trade.class, -1, i -> null))
                .withMessageContaining("not -1");
    }

    @Test
    void aRecordThatIsNullOrOfAnotherClassIsRefusedByItsNumber() {
        List<Trade> holed = new ArrayList<>(Collections.nCopies(3, new Trade(1, null, null, null)));
        holed.set(2, null);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SharedInFile.read(Table.of(holed)))
                .withMessageStartingWith("record 2 is null");
        holed.set(0, null);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Table.of(holed))
                .withMessageStartingWith("record 0 is null");
        List<Record> mixed = List.of(new Trade(1, null, null, null), new Address("a", 1));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SharedInFile.read(Table.of(mixed)))
                .withMessage("record 1 is a " + Address.class.getName() + ", and the table is of "
                        + Trade.class.getName() + "; share those of one class at a time");
    }

    private record None() {}

    @Test
    void anEmptyListHasNoColumnsAndSaysWhy() {
        Table<Trade> table = SharedInFile.read(Table.of(List.<Trade>of()));
        assertThat(table.count()).isZero();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> table.doubles("price"))
                .withMessageContaining("use Table.of(Trade.class, list)");
        assertThat(SharedInFile.read(Table.of(Trade.class, List.of()))
                        .doubles("price")
                        .count())
                .isZero();
        assertThat(all(SharedInFile.read(Table.of(List.of(new None(), new None())))))
                .containsExactly(new None(), new None());
    }

    private record Picky(int value) {
        Picky {
            if (value < 0) {
                throw new IllegalArgumentException("negative");
            }
        }

        @Override
        public int value() {
            if (value == 7) {
                throw new ArithmeticException("seven");
            }
            return value;
        }
    }

    @Test
    void whatRecordsThrowComesThrough() {
        assertThatExceptionOfType(ArithmeticException.class)
                .isThrownBy(() -> SharedInFile.read(Table.of(List.of(new Picky(1), new Picky(7)))))
                .withMessage("seven");
    }
}

package io.github.forkless.common.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ByteReaderTest {

    @ParameterizedTest
    @CsvSource({
        "0, 00",
        "1, 01",
        "127, 7f",
        "128, 8001",
        "16383, ff7f",
        "16384, 808001",
        "2147483648, 8080808008",
        "9223372036854775807, ffffffffffffffff7f",
    })
    void varintsAreLeb128(long value, String hex) {
        var out = new ByteWriter(0);
        out.putVarint(value);

        assertThat(HexFormat.of().formatHex(out.toByteArray())).isEqualTo(hex);
        assertThat(reader(hex).getVarint()).isEqualTo(value);
    }

    @ParameterizedTest
    @ValueSource(strings = {"ffffffffffffffffff01", "80808080808080808000", "ffffffffffffffffffffffffffffff"})
    void aVarintOfMoreThan63BitsIsRefused(String hex) {
        assertThatExceptionOfType(WireException.class)
                .isThrownBy(() -> reader(hex).getVarint())
                .withMessageContaining("a varint of more than 63 bits");
    }

    @Test
    void integersAreLittleEndian() {
        var out = new ByteWriter(1);
        out.putShort(0x0102);
        out.putInt(0x03040506);
        out.putLong(0x0708090a0b0c0d0eL);

        assertThat(HexFormat.of().formatHex(out.toByteArray())).isEqualTo("0201" + "06050403" + "0e0d0c0b0a090807");
        var in = new ByteReader(out.toByteArray());
        assertThat(in.getShort()).isEqualTo((short) 0x0102);
        assertThat(in.getInt()).isEqualTo(0x03040506);
        assertThat(in.getLong()).isEqualTo(0x0708090a0b0c0d0eL);
        in.expectEnd();
    }

    @ParameterizedTest
    @ValueSource(strings = {"05", "0561626364", "ffffffffffffffff7f61", "ffffffff0f61", "8080808008"})
    void aLengthThatLiesIsRefused(String hex) {
        assertThatExceptionOfType(WireException.class)
                .isThrownBy(() -> reader(hex).getString())
                .withMessageContaining("items of at least 1 bytes, but ");
        assertThatExceptionOfType(WireException.class)
                .isThrownBy(() -> reader(hex).getBytes())
                .withMessageContaining("items of at least 1 bytes, but ");
    }

    @Test
    void aCountIsComparedWithTheBytesItsItemsTake() {
        assertThat(reader("02" + "00000000" + "00000000").getCount(4)).isEqualTo(2);
        assertThatExceptionOfType(WireException.class)
                .isThrownBy(() -> reader("03" + "00000000" + "00000000").getCount(4))
                .withMessageContaining("claims 3 items of at least 4 bytes, but 8 bytes are left at byte 1");
    }

    @Test
    void aReaderKeepsToItsRange() {
        var in = new ByteReader(new byte[100], 10, 4);

        assertThatExceptionOfType(WireException.class)
                .isThrownBy(in::getLong)
                .withMessageContaining("needs 8 bytes, but 4 are left at byte 10: 00 00 00 00 |....|");
        assertThat(in.getInt()).isZero();
        assertThat(in.hasRemaining()).isFalse();
        assertThatExceptionOfType(WireException.class).isThrownBy(in::getByte);
    }

    @Test
    void whatIsLeftOverIsAnError() {
        assertThatExceptionOfType(WireException.class)
                .isThrownBy(reader("00ff")::expectEnd)
                .withMessage("the encoding has 2 bytes too many at byte 0: 00 ff |..|");
    }

    @ParameterizedTest
    @ValueSource(longs = {Integer.MAX_VALUE, 1L << 31, 1L << 40})
    void moreThanAMessageHoldsCannotBeWritten(long count) {
        var out = new ByteWriter();
        out.putByte(1);

        assertThatExceptionOfType(WireException.class)
                .isThrownBy(() -> out.claim(count))
                .withMessage(
                        "a message would need %,d bytes or more, and can have 2,147,475,455; return a smaller partial,"
                                + " or cut the data into more tasks",
                        count + 1);
        assertThat(out.toByteArray()).containsExactly(1);
    }

    @Test
    void muchRoomIsGivenBackAndLittleIsKept() {
        var out = new ByteWriter();
        out.claim(1 << 20);
        out.clear();
        assertThat(out.array()).hasSizeGreaterThanOrEqualTo(1 << 20);

        out.claim(20 << 20);
        out.clear();
        assertThat(out.array()).hasSizeLessThan(1 << 20);
    }

    @Test
    void anExceptionIsOneLineOfReasonableLength() {
        var e = new WireException("a class called\r\n\t\u2028" + "x".repeat(100_000));

        assertThat(e.getMessage())
                .startsWith("a class called....xxx")
                .endsWith("...")
                .hasSizeLessThan(2_000);
    }

    private static ByteReader reader(String hex) {
        return new ByteReader(HexFormat.of().parseHex(hex));
    }
}

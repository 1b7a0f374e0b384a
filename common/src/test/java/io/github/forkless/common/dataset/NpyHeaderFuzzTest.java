package io.github.forkless.common.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.github.forkless.common.column.Column;
import io.github.forkless.common.column.ColumnType;
import io.github.forkless.common.column.LongColumn;
import io.github.forkless.common.column.TextColumn;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever the bytes are: an error of ours in one line, or elements that fill the file to its end; and soon. */
class NpyHeaderFuzzTest {
    private static final List<String> TOKENS = List.of(
            "{",
            "}",
            "(",
            ")",
            "[",
            "]",
            ",",
            ":",
            " ",
            "\n",
            "'descr'",
            "'shape'",
            "'fortran_order'",
            "'<i4'",
            "'|u1'",
            "'<M8[s]'",
            "[('a', '<f8'), ('b', [('c', '|i1')])]",
            "('d', '<c8', (2,))",
            "'<U1'",
            "'|S3'",
            "[25m",
            "True",
            "False",
            "None",
            "0",
            "1",
            "-1",
            "3L",
            "9223372036854775807",
            "'\\x41'",
            "'\\",
            "\"",
            "'");

    private FileChannel channel;

    @BeforeEach
    void open(@TempDir Path folder) throws IOException {
        channel = FileChannel.open(
                folder.resolve("fuzz.npy"),
                StandardOpenOption.CREATE,
                StandardOpenOption.READ,
                StandardOpenOption.WRITE);
    }

    @AfterEach
    void close() throws IOException {
        channel.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "version-1",
                "version-2",
                "version-3",
                "shape-5d-with-ones",
                "fortran-2d",
                "dtype-structured",
                "dtype-datetime"
            })
    void everyFlippedBit(String golden) throws IOException {
        byte[] file = Npy.golden(golden);
        for (int bit = 0; bit < file.length * 8; bit++) {
            byte[] flipped = file.clone();
            flipped[bit / 8] ^= (byte) (1 << bit % 8);
            check(flipped);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"version-1", "version-2", "version-3", "shape-0d", "shape-empty", "dtype-structured"})
    void everyTruncation(String golden) throws IOException {
        byte[] file = Npy.golden(golden);
        for (int length = 0; length < file.length; length++) {
            check(Arrays.copyOf(file, length));
        }
    }

    @Test
    void randomBytes() throws IOException {
        Random random = new Random(1);
        for (int i = 0; i < 10_000; i++) {
            byte[] file = new byte[random.nextInt(300)];
            random.nextBytes(file);
            check(file);
        }
    }

    @Test
    void randomBytesBehindAGoodStart() throws IOException {
        Random random = new Random(2);
        for (int i = 0; i < 10_000; i++) {
            byte[] header = new byte[random.nextInt(200)];
            random.nextBytes(header);
            check(Npy.withHeader(1 + random.nextInt(3), header, random.nextInt(16)));
        }
    }

    @Test
    void randomTokens() throws IOException {
        Random random = new Random(3);
        for (int i = 0; i < 20_000; i++) {
            StringBuilder header = new StringBuilder("{");
            for (int n = random.nextInt(30); n > 0; n--) {
                header.append(TOKENS.get(random.nextInt(TOKENS.size())));
            }
            check(Npy.withHeader(header.toString(), random.nextInt(16)));
        }
    }

    @Test
    void overwrittenTokensInAGoodHeader() throws IOException {
        Random random = new Random(4);
        int understood = 0;
        for (int i = 0; i < 20_000; i++) {
            StringBuilder header = new StringBuilder(Npy.header("'<i4'", "False", "(2, 2)"));
            for (int n = 1 + random.nextInt(2); n > 0; n--) {
                int at = random.nextInt(header.length());
                header.replace(at, at + random.nextInt(4), TOKENS.get(random.nextInt(TOKENS.size())));
            }
            understood += check(Npy.withHeader(header.toString(), 16)) ? 1 : 0;
        }
        // Or else this tests only that everything is rejected.
        assertThat(understood).isPositive();
    }

    @Test
    void overwrittenTokensInAStructuredDtype() throws IOException {
        Random random = new Random(6);
        int understood = 0;
        for (int i = 0; i < 20_000; i++) {
            StringBuilder header = new StringBuilder(Npy.header(
                    "[('a', '<i4'), (('t', 'b'), '<U2'), ('c', [('d', '|S1'), ('', '|V1')]), ('e', '<i2', (3,))]",
                    i % 2 == 0 ? "False" : "True",
                    "(2,)"));
            for (int n = 1 + random.nextInt(2); n > 0; n--) {
                int at = random.nextInt(header.length());
                header.replace(at, at + random.nextInt(4), TOKENS.get(random.nextInt(TOKENS.size())));
            }
            understood += check(Npy.withHeader(header.toString(), 40)) ? 1 : 0;
        }
        assertThat(understood).isPositive();
    }

    @ParameterizedTest
    @ValueSource(strings = {"(", "[", "{'a':", "{'a':(", "((1,),", "'\\", "-", "9", "((", "0,", "{'a':1,"})
    void aMegabyteOfTheSame(String token) throws IOException {
        String header = token.repeat((1 << 20) / token.length());
        check(Npy.withHeader(2, header.getBytes(StandardCharsets.UTF_8), 0));
    }

    private boolean check(byte[] file) throws IOException {
        channel.truncate(0);
        ByteBuffer content = ByteBuffer.wrap(file);
        while (content.hasRemaining()) {
            channel.write(content, content.position());
        }
        try {
            Layout header = NpyHeader.read(Path.of("fuzz.npy"), channel, 0, file.length);
            assertThat(header.offset()).isPositive();
            assertThat(header.count()).isNotNegative();
            assertThat(header.offset() + header.bytes()).isEqualTo(file.length);
            if (header instanceof Layout.Table table) {
                readAll(table);
            }
            return true;
        } catch (DatasetException e) {
            assertThat(e.getMessage()).startsWith("fuzz.npy: ").doesNotContainPattern("\\p{Cntrl}");
            assertThat(e.getMessage().length()).isLessThan(1_000);
            return false;
        } catch (RuntimeException | Error e) {
            return fail("not ours, for " + new String(file, StandardCharsets.ISO_8859_1), e);
        }
    }

    /** Every value that is read, and the first and last rows alone. */
    private void readAll(Layout.Table table) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            var rows = new NpyRows(
                    Path.of("fuzz.npy"), table, channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena));
            for (int i = 0; i < table.columns().size() && table.count() > 0; i++) {
                if (table.columns().get(i).type() != ColumnType.UNSUPPORTED) {
                    read(rows.column(i, 0, 0, table.count()));
                    read(rows.column(i, 0, table.count() - 1, table.count()));
                }
            }
        }
    }

    private static void read(Column column) {
        for (long row = 0; row < column.count(); row++) {
            if (column instanceof TextColumn texts) {
                assertThat(texts.at(row)).isNotNull();
            } else if (!(column instanceof LongColumn longs && longs.firstTooLarge() >= 0)) {
                column.copy(row, 1, new long[1]);
            }
        }
    }
}

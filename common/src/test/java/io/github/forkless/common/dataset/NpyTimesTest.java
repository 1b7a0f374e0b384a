package io.github.forkless.common.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Times are the integers that they are, but for those that are none: a job does not get these. */
class NpyTimesTest {
    private static final long NAT = Long.MIN_VALUE;

    @TempDir
    private Path folder;

    private DatasetFile open(String name, String descr, String shape, long... times) throws IOException {
        byte[] file = Npy.withHeader(Npy.header("'" + descr + "'", "False", shape), times.length * Long.BYTES);
        var bytes = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
        bytes.position(file.length - times.length * Long.BYTES);
        LongStream.of(times).forEach(bytes::putLong);
        return DatasetFile.open(Files.write(folder.resolve(name), file), Optional.empty());
    }

    private static List<Long> fed(Dataset dataset, Slice slice, int recordLength) {
        List<Long> fed = new ArrayList<>();
        MappedDataset.map(dataset).forEachBlock(slice, 8 * 64, recordLength, block -> {
            assertThat(block.count()).isPositive();
            assertThat(block.type()).isEqualTo(ElementType.INT64);
            for (long i = 0; i < block.count(); i++) {
                fed.add(block.longAt(i));
            }
        });
        return fed;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 7, 64, 65, 1_000_000})
    void whatIsNoTimeIsLeftOut(int every) throws IOException {
        long[] times = LongStream.range(0, 1_000)
                .map(i -> i % every == 0 ? NAT : NAT + i)
                .toArray();
        DatasetFile file = open("times.npy", "<M8[ns]", "(1000,)", times);

        List<Long> present =
                LongStream.of(times).filter(it -> it != NAT).boxed().toList();
        assertThat(fed(file, file.whole(), 1)).isEqualTo(present);
        List<Long> inParts = new ArrayList<>();
        for (Slice slice : Slices.split(file, file.whole(), 7)) {
            inParts.addAll(fed(file, slice, 1));
        }
        assertThat(inParts).isEqualTo(present);
    }

    @Test
    void whoGetsAllOfItHasItAsItIs() throws IOException {
        DatasetFile file = open("times.npy", "<m8[s]", "(3,)", 1, NAT, 3);

        Block whole = MappedDataset.map(file).whole();

        assertThat(LongStream.range(0, 3).map(whole::longAt)).containsExactly(1L, NAT, 3L);
    }

    @Test
    void ofAMatrixNothingIsLeftOutForWhoReadsRows() throws IOException {
        DatasetFile file = open("times.npy", "<M8[D]", "(2, 3)", 1, 2, 3, 4, NAT, 6);

        assertThat(fed(file, file.whole(), 1)).containsExactly(1L, 2L, 3L, 4L, 6L);
        assertThat(fed(file, new Slice(0, 3), 3)).containsExactly(1L, 2L, 3L);
        assertThatExceptionOfType(DatasetException.class)
                .isThrownBy(() -> fed(file, file.whole(), 3))
                .withMessageContaining("times.npy: element 4 is NaT, and of whole rows nothing can be left out");
    }

    @Test
    void filesOfOneUnitAreOneDataset() throws IOException {
        DatasetFile one = open("1.npy", "<M8[s]", "(2,)", 1, NAT);
        DatasetFile other = open("2.npy", "<M8[s]", "(2,)", NAT, 4);
        open("3.npy", "<M8[ms]", "(1,)", 5);

        Dataset both = Dataset.open(List.of(one.path(), other.path()), Optional.empty());

        assertThat(both.layout().label()).isEqualTo("datetime64[s]");
        assertThat(fed(both, both.whole(), 1)).containsExactly(1L, 4L);
        assertThatExceptionOfType(DatasetException.class)
                .isThrownBy(() -> fed(both, both.whole(), 2))
                .withMessageContaining("1.npy: element 1 is NaT");
        assertThatExceptionOfType(DatasetException.class)
                .isThrownBy(() -> Dataset.open(List.of(folder), Optional.empty()))
                .withMessageContaining("it has datetime64[ms], and not datetime64[s]");
    }

    @Test
    void anotherTypeThanTheFilesIsRefused() throws IOException {
        Path file = open("times.npy", "<M8[s]", "(1,)", 1).path();

        assertThatExceptionOfType(DatasetException.class)
                .isThrownBy(() -> DatasetFile.open(file, Optional.of(ElementType.FLOAT64)))
                .withMessageContaining("its header says datetime64[s], but the type given is float64");
    }
}

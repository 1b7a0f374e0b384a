package io.github.forkless.coordinator.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.github.forkless.common.dataset.Slice;
import io.github.forkless.common.wire.ByteSpan;
import io.github.forkless.common.wire.Content;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class MergeChainTest {

    @Test
    void mergesInTheDatasetsOrderWhateverTheOrderOfArrival() {
        for (long seed = 0; seed < 50; seed++) {
            List<Slice> slices = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                slices.add(new Slice(i, i + 1));
            }
            Collections.shuffle(slices, new Random(seed));
            var chain = new MergeChain(new Slice(0, 200));
            List<Integer> merged = new ArrayList<>();
            boolean isLast = false;
            for (Slice slice : slices) {
                chain.arrived(slice, content(slice.from()));
                for (var next = chain.nextBatch(); next.isPresent(); next = chain.nextBatch()) {
                    merged.clear();
                    next.get().partials().forEach(partial -> {
                        for (byte b : partial.toArray()) {
                            merged.add(b & 0xff);
                        }
                    });
                    isLast = next.get().isLast();
                    if (isLast) {
                        break;
                    }
                    chain.merged(ByteSpan.of(bytes(merged)));
                }
            }
            assertThat(isLast).isTrue();
            assertThat(merged).hasSize(200).isSorted();
        }
    }

    /** As of the words of a text: what is merged is as large as what it was merged from. */
    @Test
    void partialsThatGrowAreNotSentAgainForEveryFewThatCome() {
        for (int partialBytes : new int[] {1 << 20, 10}) {
            int count = partialBytes == 10 ? 100_000 : 100;
            var chain = new MergeChain(new Slice(0, count));
            Content partial = ByteSpan.of(new byte[partialBytes]);
            long sent = 0;
            for (int i = 0; i < count; i++) {
                chain.arrived(new Slice(i, i + 1), partial);
                var next = chain.nextBatch();
                if (next.isPresent()) {
                    int bytes = next.get().partials().stream()
                            .mapToInt(Content::length)
                            .sum();
                    sent += bytes;
                    chain.merged(ByteSpan.of(new byte[bytes]));
                }
            }
            assertThat(sent).isBetween((long) count * partialBytes, 4L * count * partialBytes);
        }
    }

    private static Content content(long value) {
        return ByteSpan.of(new byte[] {(byte) value});
    }

    private static List<Integer> values(List<Content> contents) {
        return contents.stream().map(it -> (int) it.toArray()[0]).toList();
    }

    private static byte[] bytes(List<Integer> values) {
        byte[] bytes = new byte[values.size()];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = values.get(i).byteValue();
        }
        return bytes;
    }

    @Test
    void anEmptyDatasetIsMergedFromNothing() {
        var batch = new MergeChain(new Slice(0, 0)).nextBatch().orElseThrow();

        assertThat(batch.isLast()).isTrue();
        assertThat(batch.partials()).isEmpty();
    }

    @Test
    void partsOfASliceStandForIt() {
        var chain = new MergeChain(new Slice(0, 30));
        chain.arrived(new Slice(20, 30), content(3));
        chain.arrived(new Slice(15, 20), content(2));
        chain.arrived(new Slice(0, 10), content(0));
        assertThat(chain.nextBatch()).isEmpty();
        chain.arrived(new Slice(10, 15), content(1));

        var batch = chain.nextBatch().orElseThrow();
        assertThat(batch.isLast()).isTrue();
        assertThat(batch.slice()).isEqualTo(new Slice(0, 30));
        assertThat(values(batch.partials())).containsExactly(0, 1, 2, 3);
    }

    @Test
    void whatIsLeftOutIsCoveredWithoutAPartial() {
        var chain = new MergeChain(new Slice(0, 30));
        chain.leaveOut(new Slice(10, 20));
        chain.arrived(new Slice(20, 30), content(2));
        assertThat(chain.nextBatch()).as("a gap at the start").isEmpty();
        chain.leaveOut(new Slice(0, 10));

        var batch = chain.nextBatch().orElseThrow();
        assertThat(batch.isLast()).isTrue();
        assertThat(values(batch.partials())).containsExactly(2);
    }

    @Test
    void refusesWhatOverlaps() {
        var chain = new MergeChain(new Slice(0, 100));
        chain.arrived(new Slice(0, 10), content(0));
        chain.arrived(new Slice(40, 60), content(0));

        for (Slice slice : List.of(
                new Slice(0, 10),
                new Slice(5, 15),
                new Slice(10, 41),
                new Slice(40, 60),
                new Slice(45, 50),
                new Slice(59, 70),
                new Slice(30, 80),
                new Slice(90, 101),
                new Slice(20, 20))) {
            assertThatIllegalStateException()
                    .as(slice.toString())
                    .isThrownBy(() -> chain.arrived(slice, content(0)))
                    .withMessageContaining("was not awaited");
            assertThatIllegalStateException().isThrownBy(() -> chain.leaveOut(slice));
        }
    }
}

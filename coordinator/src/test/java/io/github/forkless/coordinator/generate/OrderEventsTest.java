package io.github.forkless.coordinator.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.github.forkless.common.dataset.DatasetFile;
import io.github.forkless.common.dataset.ElementType;
import io.github.forkless.common.dataset.MappedDataset;
import io.github.forkless.common.dataset.RecordCursor;
import io.github.forkless.common.dataset.RecordOutput;
import io.github.forkless.common.sample.OrderEvent;
import java.io.ByteArrayOutputStream;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OrderEventsTest {
    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 64, 20_000})
    void theBytesAreThoseThatTheClassesOfTheEventsWrite(int count) throws Exception {
        Path file = generate(count, -3);

        var bytes = new ByteArrayOutputStream();
        var out = new RecordOutput(Channels.newChannel(bytes));
        for (OrderEvent event : events(file)) {
            out.write(event);
        }
        out.finish();

        assertThat(out.count()).isEqualTo(count);
        assertThat(Files.readAllBytes(file)).isEqualTo(bytes.toByteArray());
    }

    /** People compare answers over generated files. */
    @Test
    void theBytesAreWhatTheyAlwaysWere() throws Exception {
        byte[] digest = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(generate(1000, 42)));

        assertThat(HexFormat.of().formatHex(digest))
                .isEqualTo("5c5c624f6fd702553fd029bc1e9bf986ea6bf1d9f4fbbcabef3cf6f7328ff8c5");
        assertThat(Files.readAllBytes(generate(1000, 43))).isNotEqualTo(Files.readAllBytes(generate(1000, 42)));
    }

    @Test
    void whatIsMatchedOrCancelledWasPlaced() throws Exception {
        List<OrderEvent> events = events(generate(100_000, 1));
        Map<Long, OrderEvent.Placed> orders = new HashMap<>();
        int matches = 0;
        for (int i = 0; i < events.size(); i++) {
            switch (events.get(i)) {
                case OrderEvent.Placed placed -> {
                    assertThat(placed.order()).isEqualTo(i);
                    assertThat(placed.price()).isBetween(90.0, 110.0);
                    assertThat(placed.quantity()).isBetween(1, 999);
                    assertThat(placed.client()).matches("client-[0-9]{1,6}");
                    orders.put(placed.order(), placed);
                }
                case OrderEvent.Matched matched -> {
                    assertThat(matched.symbol())
                            .isEqualTo(orders.get(matched.order()).symbol());
                    assertThat(matched.quantity())
                            .isBetween(1, orders.get(matched.order()).quantity());
                    matches++;
                }
                case OrderEvent.Cancelled cancelled -> assertThat(orders).containsKey(cancelled.order());
            }
        }
        assertThat(orders.size()).isCloseTo(60_000, within(1_000));
        assertThat(matches).isCloseTo(20_000, within(1_000));
    }

    @Test
    void thereIsNoOtherDistributionOfThem() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new GenerateSpec(1, ElementType.RECORDS, Distribution.NORMAL, 1))
                .withMessage("records are generated with --dist uniform only, not normal");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new GenerateSpec(1L << 40, ElementType.RECORDS, Distribution.UNIFORM, 1))
                .withMessageEndingWith("no file can hold more than 68719476736");
    }

    private Path generate(long count, long seed) throws InterruptedException {
        Path file = folder.resolve("book.records");
        DatasetGenerator.generate(
                file, new GenerateSpec(count, ElementType.RECORDS, Distribution.UNIFORM, seed), Existing.REPLACED, 1);
        return file;
    }

    private static List<OrderEvent> events(Path file) {
        MappedDataset data = MappedDataset.map(DatasetFile.open(file, Optional.empty()));
        List<OrderEvent> events = new ArrayList<>();
        data.forEachBlock(data.dataset().whole(), 1 << 17, 1, block -> {
            for (RecordCursor<OrderEvent> each = block.records(OrderEvent.class); each.next(); ) {
                events.add(each.get());
            }
        });
        return events;
    }
}

package io.github.forkless.coordinator;

import io.github.forkless.common.dataset.Block;
import io.github.forkless.common.dataset.RecordCursor;
import io.github.forkless.common.job.Job;
import java.nio.file.Files;
import java.nio.file.Path;
import net.openhft.chronicle.bytes.BytesIn;
import net.openhft.chronicle.bytes.BytesMarshallable;
import net.openhft.chronicle.bytes.BytesOut;

/** Records of any length, and a job over them; not within a test, for the reason of {@link JournaledJobs}. */
final class PaddedRecords {
    private PaddedRecords() {}

    /** A number, and so many bytes behind it that nobody reads. */
    public static final class Padded implements BytesMarshallable {
        private long number;
        private byte[] padding = {};

        Padded() {}

        Padded(long number, byte[] padding) {
            this.number = number;
            this.padding = padding;
        }

        long number() {
            return number;
        }

        @Override
        public void writeMarshallable(BytesOut<?> out) {
            out.writeLong(number).write(padding);
        }

        @Override
        public void readMarshallable(BytesIn<?> in) {
            number = in.readLong();
        }
    }

    /** Adds up in the order of the data, which shows in the last bits; cannot get over one record until it is cured. */
    public record Fragile(long at, String cure) implements Job<Double, Double> {
        @Override
        public Double start() {
            return 0.0;
        }

        @Override
        public Double accept(Double sum, Block block) {
            double all = sum;
            for (RecordCursor<Padded> records = block.records(Padded.class); records.next(); ) {
                long number = records.reused().number;
                if (number == at && Files.notExists(Path.of(cure))) {
                    throw new IllegalStateException("not cured");
                }
                all += number / 3.0;
            }
            return all;
        }

        @Override
        public Double merge(Double left, Double right) {
            return left + right;
        }

        @Override
        public Double finish(Double sum) {
            return sum;
        }
    }
}

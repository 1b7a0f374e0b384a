package io.github.forkless.common.value;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import net.openhft.chronicle.bytes.BytesIn;
import net.openhft.chronicle.bytes.BytesMarshallable;
import net.openhft.chronicle.bytes.BytesOut;

/** Classes of a job's, as the tests of values meet them. */
final class Samples {

    /** As a worker does: whatever there is by that name. */
    static final TypeFinder ALL = name -> {
        try {
            return Optional.of(Class.forName(name, false, Samples.class.getClassLoader()));
        } catch (ClassNotFoundException e) {
            return Optional.empty();
        }
    };

    record Nothing() {}

    record Point(int x, double y) {}

    record Node(String name, List<Node> children, Map<String, long[]> counts, Point[] points) {}

    record Wrapper(Object any) {}

    record Positive(long number) {
        Positive {
            if (number <= 0) {
                throw new IllegalArgumentException(number + " is not positive");
            }
        }
    }

    record Version(int major, int minor) implements Comparable<Version> {
        @Override
        public int compareTo(Version other) {
            return major != other.major ? Integer.compare(major, other.major) : Integer.compare(minor, other.minor);
        }
    }

    /** Not in the order of the alphabet. */
    enum Size {
        SMALL,
        MEDIUM,
        LARGE {
            @Override
            public String toString() {
                return "enormous";
            }
        }
    }

    /** Kept as a number, sent as text. */
    static final class Counter implements Packable {
        final long count;

        Counter(long count) {
            this.count = count;
        }

        @Override
        public Packed packed() {
            return new Text(Long.toString(count));
        }

        record Text(String digits) implements Packed {
            @Override
            public Packable unpacked() {
                return new Counter(digits.isEmpty() ? digits.charAt(0) : Long.parseLong(digits));
            }
        }
    }

    static final class Histogram implements BytesMarshallable {
        private int bins;
        private String name = "";

        Histogram() {}

        Histogram(int bins, String name) {
            this.bins = bins;
            this.name = name;
        }

        @Override
        public void writeMarshallable(BytesOut<?> bytes) {
            bytes.writeInt(bins);
            bytes.writeUtf8(name);
        }

        @Override
        public void readMarshallable(BytesIn<?> bytes) {
            bins = bytes.readInt();
            name = bytes.readUtf8();
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Histogram that && bins == that.bins && Objects.equals(name, that.name);
        }

        @Override
        public int hashCode() {
            return Objects.hash(bins, name);
        }
    }

    static final class WithoutConstructor implements BytesMarshallable {
        WithoutConstructor(int ignored) {}

        @Override
        public void writeMarshallable(BytesOut<?> bytes) {}
    }

    private Samples() {}
}

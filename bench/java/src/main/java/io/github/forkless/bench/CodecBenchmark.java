package io.github.forkless.bench;

import io.github.forkless.common.dataset.Slice;
import io.github.forkless.common.value.TypeFinder;
import io.github.forkless.common.value.ValueReader;
import io.github.forkless.common.value.ValueWriter;
import io.github.forkless.common.wire.ByteReader;
import io.github.forkless.common.wire.ByteSpan;
import io.github.forkless.common.wire.ByteWriter;
import io.github.forkless.common.wire.Message;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What values and messages take to be written and read again. {@code bench/run --jmh CodecBenchmark}. Before anything is
 * timed, what is read is compared with what was written.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class CodecBenchmark {

    /** A result such as a backtest's. */
    public record Trade(int trades, double profit, String name) {}

    private static final TypeFinder TYPES =
            name -> name.equals(Trade.class.getName()) ? Optional.of(Trade.class) : Optional.empty();

    @Param({"int", "record", "1000 ints", "100 records", "1000 doubles"})
    public String value;

    private Object subject;
    private Message.Partial partial;
    private final ByteWriter out = new ByteWriter();

    @Setup
    public void prepare() throws IOException {
        subject = switch (value) {
            case "int" -> 42;
            case "record" -> trade(1);
            case "1000 ints" -> IntStream.range(0, 1000).boxed().toList();
            case "100 records" ->
                IntStream.range(0, 100).mapToObj(CodecBenchmark::trade).toList();
            case "1000 doubles" ->
                IntStream.range(0, 1000).mapToDouble(i -> i / 7.0).toArray();
            default -> throw new IllegalArgumentException(value);
        };
        var assignment = new Message.Assignment(1, 2, 1, 0, 1, new Slice(0, 1000), false);
        partial = new Message.Partial(assignment, 1, 2, -1, -1, ByteSpan.of(ValueWriter.encode(subject)));
        require(valueThereAndBack(), subject);
        require(
                ((Message.Partial) messageThereAndBack()).content().toArray(),
                partial.content().toArray());
    }

    private static Trade trade(int i) {
        return new Trade(i, i / 7.0, "trade " + i);
    }

    private static void require(Object read, Object written) {
        if (!Objects.deepEquals(read, written)) {
            throw new IllegalStateException("read " + read + ", written was " + written);
        }
    }

    @Benchmark
    public Object valueThereAndBack() {
        out.clear();
        new ValueWriter(out).write(subject);
        return new ValueReader(new ByteReader(out.toByteArray()), TYPES).read();
    }

    @Benchmark
    public Message messageThereAndBack() throws IOException {
        out.clear();
        partial.encode(out);
        return new Message.Reader(new ByteArrayInputStream(out.array(), 0, out.size()))
                .next()
                .orElseThrow();
    }
}

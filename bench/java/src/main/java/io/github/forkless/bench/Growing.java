package io.github.forkless.bench;

import io.github.forkless.common.job.DataFunction;
import io.github.forkless.common.job.SerializableFunction;
import io.github.forkless.coordinator.NamedJob;
import io.github.forkless.coordinator.PoolOptions;
import io.github.forkless.coordinator.RunOptions;
import io.github.forkless.coordinator.WorkerPool;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

/**
 * What one more of something costs: {@code Growing KIND N PROCS FOLDER}, where KIND is one of {@link #measure}'s. Prints the
 * user and system time of the program and its workers, from when the pool is open and warm, and the memory that they have
 * for themselves at the end. Answers are checked.
 */
public final class Growing {
    /** Numbers of a dataset that does not grow; enough to be cut into as many tasks as are asked for. */
    private static final int NUMBERS = 4_000_000;

    private static final DataFunction<Integer, Integer> SAME = (_, parameter) -> parameter;

    private final int n;
    private final int procs;
    private final Path folder;

    private Growing(int n, int procs, Path folder) {
        this.n = n;
        this.procs = procs;
        this.folder = folder;
    }

    public static void main(String[] args) throws IOException {
        new Growing(Integer.parseInt(args[1]), Integer.parseInt(args[2]), Path.of(args[3])).measure(args[0]);
    }

    private void measure(String kind) throws IOException {
        switch (kind) {
            case "names" -> over(lines(2L * n, i -> "name" + i % n + ";1.0"), this::names);
            case "words" -> over(lines(2L * n, i -> "word" + i % n), this::words);
            case "bins" -> over(numbers(), this::bins);
            case "partials" -> over(numbers(), this::partials);
            case "large" -> over(numbers(), this::large);
            case "tasks" -> over(numbers(), this::tasks);
            case "map" -> alone(this::map);
            case "stream" -> alone(this::stream);
            case "runs" -> alone(this::runs);
            case "workers" -> workers();
            case "datasets" -> datasets();
            default -> throw new IllegalArgumentException("no kind " + kind);
        }
    }

    private interface Work {
        void in(WorkerPool pool);
    }

    private void over(Path data, Work work) {
        alone(pool -> {
            try (WorkerPool over = pool.on(data)) {
                work.in(over);
            }
        });
    }

    private void alone(Work work) {
        try (var pool = WorkerPool.open(PoolOptions.defaults().withProcs(procs))) {
            for (int i = 0; i < 100; i++) { // warms up
                require(List.of(i), pool.map(List.of(i), SAME));
            }
            double before = cpuSeconds();
            work.in(pool);
            print(before);
        }
    }

    private static void print(double before) {
        System.out.printf("CPU s\t%.3f%nMiB\t%.1f%n", cpuSeconds() - before, mebibytes());
    }

    // ---- jobs

    private void names(WorkerPool pool) {
        String answer = (String)
                pool.runReported(new NamedJob("1brc", Map.of())).results().getFirst();
        require((long) n, answer.chars().filter(it -> it == '=').count());
    }

    private void words(WorkerPool pool) {
        List<?> answer = (List<?>) pool.runReported(new NamedJob("top", Map.of("n", "3")))
                .results()
                .getFirst();
        require(Math.min(3, n), answer.size());
    }

    private void bins(WorkerPool pool) {
        pool.runReported(
                new NamedJob("histogram", Map.of("bins", Integer.toString(n), "low", "0", "high", "4000000000")));
    }

    /** Sixteen partials of n bytes, which become one. */
    private void partials(WorkerPool pool) {
        int bytes = n;
        byte[] all = pool.with(RunOptions.defaults().withTasks(16))
                .reduce(() -> new byte[0], (sofar, _) -> sofar.length == 0 ? new byte[bytes] : sofar, (left, right) -> {
                    byte[] both = Arrays.copyOf(left, left.length + right.length);
                    System.arraycopy(right, 0, both, left.length, right.length);
                    return both;
                });
        require(16 * n, all.length);
    }

    /** Fifty partials of n bytes, which become one of as many. */
    private void large(WorkerPool pool) {
        int bytes = n;
        byte[] all = pool.with(RunOptions.defaults().withTasks(50))
                .reduce(() -> new byte[0], (sofar, _) -> sofar.length == 0 ? ones(bytes) : sofar, (left, right) -> {
                    for (int i = 0; i < left.length; i++) {
                        left[i] += right[i];
                    }
                    return left;
                });
        require(n, all.length);
        require((byte) 50, all[n - 1]);
    }

    private static byte[] ones(int count) {
        byte[] ones = new byte[count];
        Arrays.fill(ones, (byte) 1);
        return ones;
    }

    private void tasks(WorkerPool pool) {
        require((long) NUMBERS, pool.with(RunOptions.defaults().withTasks(n)).run(new ElementCount()));
    }

    // ---- functions

    private void map(WorkerPool pool) {
        require(n, pool.map(parameters(n), SAME).size());
    }

    private void stream(WorkerPool pool) {
        try (var results = pool.stream(parameters(n), SAME)) {
            require((long) n, results.count());
        }
    }

    private void runs(WorkerPool pool) {
        List<CompletableFuture<List<Integer>>> all = new ArrayList<>(n);
        for (int i = 0; i < n; i++) {
            all.add(pool.submitMap(List.of(i), SAME));
        }
        for (int i = 0; i < n; i++) {
            require(List.of(i), all.get(i).join());
        }
    }

    /** All workers have a task at the same time: it ends when the last of them is there. */
    private void workers() throws IOException {
        String present = Files.createTempDirectory(folder, "present").toString();
        int all = n;
        SerializableFunction<Integer, Integer> untilAllArePresent = parameter -> {
            Path self = Path.of(present, Long.toString(ProcessHandle.current().pid()));
            Path complete = Path.of(present + "-all");
            if (Files.notExists(self)) { // it may be dealt several
                Files.createFile(self);
                try (Stream<Path> files = Files.list(self.getParent())) {
                    if (files.count() == all) {
                        Files.writeString(complete, ""); // perhaps by two that come at once
                    }
                }
            }
            while (Files.notExists(complete)) {
                Thread.sleep(20);
            }
            return parameter;
        };
        double before = cpuSeconds();
        long begun = System.nanoTime();
        try (var pool = WorkerPool.open(PoolOptions.defaults().withProcs(n))) {
            require(List.of(1), pool.map(List.of(1), SAME));
            System.out.printf("s to the first answer\t%.3f%n", (System.nanoTime() - begun) / 1e9);
            List<Integer> parameters = parameters(n);
            require(parameters, pool.map(parameters, untilAllArePresent));
            print(before);
        }
    }

    private void datasets() throws IOException {
        List<Path> files = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            files.add(Files.write(folder.resolve("small" + i + ".bin"), new byte[4096]));
        }
        alone(pool -> {
            for (int i = 0; i < n; i++) {
                try (var over = pool.on(files.get(i % files.size()))) {
                    require(1024L, over.run(new ElementCount()));
                }
            }
        });
    }

    // ---- what they need

    /** Not there before they are asked for. */
    private static List<Integer> parameters(int count) {
        return new AbstractList<>() {
            @Override
            public Integer get(int index) {
                return index;
            }

            @Override
            public int size() {
                return count;
            }
        };
    }

    private interface Line {
        String of(long number);
    }

    private Path lines(long count, Line line) throws IOException {
        Path file = folder.resolve("lines.txt");
        try (BufferedWriter out = Files.newBufferedWriter(file)) {
            for (long i = 0; i < count; i++) {
                out.write(line.of(i));
                out.write('\n');
            }
        }
        return file;
    }

    private Path numbers() throws IOException {
        return Files.write(folder.resolve("numbers.bin"), new byte[4 * NUMBERS]);
    }

    private static void require(Object expected, Object answer) {
        if (!answer.equals(expected)) {
            throw new IllegalStateException("answered " + answer + ", not " + expected);
        }
    }

    private static double cpuSeconds() {
        return family().map(ProcessHandle::info)
                        .flatMap(info -> info.totalCpuDuration().stream())
                        .mapToLong(Duration::toMillis)
                        .sum()
                / 1e3;
    }

    private static double mebibytes() {
        return family().mapToLong(Growing::ownKibibytes).sum() / 1024.0;
    }

    private static Stream<ProcessHandle> family() {
        ProcessHandle self = ProcessHandle.current();
        return Stream.concat(Stream.of(self), self.descendants());
    }

    private static long ownKibibytes(ProcessHandle process) {
        try (Stream<String> lines = Files.lines(Path.of("/proc/" + process.pid() + "/status"))) {
            return lines.filter(line -> line.startsWith("RssAnon:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                    .sum();
        } catch (IOException e) {
            return 0; // it has ended
        }
    }
}

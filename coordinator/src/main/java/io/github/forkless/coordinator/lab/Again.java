package io.github.forkless.coordinator.lab;

import io.github.forkless.coordinator.lab.Installation.Answer;
import io.github.forkless.coordinator.lab.Repetition.By;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The article's author "needed to run it lots and lots of times": the same command, as a user types it, again and again. Once
 * each is a process of its own, and once a resident coordinator answers all of them.
 *
 * @param launcher the command
 * @param elements how many int32 the data has, 1 or more
 * @param times how often the command is run in either way, 1 or more
 * @param procs how many workers it asks for, 1 or more
 */
public record Again(Path launcher, long elements, int times, int procs) {
    /** Who stays is not to stay for long if nobody is there any more to end it. */
    private static final String IDLE = "1m";

    private static final Pattern RUNS =
            Pattern.compile("runs +(\\d+), and \\d+ commands that it did not answer(?:, the last because (.*))?");

    /** The command of this installation; empty if this program is not part of one, which an experiment like this needs. */
    public static Optional<Path> installedLauncher() {
        return Installation.launcher();
    }

    /** As a user types it. */
    public String command() {
        return "coordinator " + String.join(" ", arguments(Path.of("data.bin")));
    }

    private String[] arguments(Path data) {
        return new String[] {"--procs", Integer.toString(procs), "--job", "sum", data.toString()};
    }

    /** As {@link Sharing#measure}. */
    public void measure(Laboratory laboratory, Consumer<Repetition> each) throws IOException, InterruptedException {
        Path data = laboratory.generate(elements);
        String sum = Long.toString(Reference.sum(data, elements));
        var installation = new Installation(laboratory, launcher);
        each.accept(cold(installation, data, sum));
        each.accept(resident(laboratory, installation, data, sum));
        laboratory.remove(data);
    }

    private Repetition cold(Installation installation, Path data, String sum) {
        var spent = new Spent();
        List<Duration> each = new ArrayList<>();
        for (int i = 0; i < times; i++) {
            each.add(checked(installation.runAlone(arguments(data)), sum));
        }
        Duration cpu = spent.byThisProcess();
        return new Repetition(By.COLD, Duration.ZERO, each, 0, "", cpu, 0, spent.byOthers(cpu));
    }

    private Repetition resident(Laboratory laboratory, Installation installation, Path data, String sum)
            throws IOException {
        var spent = new Spent();
        Answer started = installation.run("daemon", "start", "--idle", IDLE);
        ProcessHandle resident = resident(laboratory)
                .orElseThrow(() -> new LabException("no resident coordinator of the laboratory's own was started in "
                        + laboratory.folder() + "; choose another folder with --dir. It was said: " + started.text()));
        laboratory.begin(resident);
        try {
            List<Duration> each = new ArrayList<>();
            for (int i = 0; i < times; i++) {
                each.add(checked(installation.run(arguments(data)), sum));
            }
            Footprint footprint = Footprint.of(resident);
            Duration cpu = spent.byThisProcess().plus(footprint.cpu());
            double others = spent.byOthers(cpu);
            Matcher status = RUNS.matcher(installation.run("daemon", "status").text());
            boolean isKnown = status.find();
            int answered = isKnown ? Integer.parseInt(status.group(1)) : 0;
            String whyNot = isKnown ? Objects.requireNonNullElse(status.group(2), "") : "";
            installation.run("daemon", "stop");
            return new Repetition(
                    By.RESIDENT,
                    started.time(),
                    each,
                    times - answered,
                    whyNot,
                    cpu,
                    footprint.proportionalBytes(),
                    others);
        } finally {
            laboratory.end(resident);
        }
    }

    /** That of the laboratory: one of the user's own is none of its business. */
    private static Optional<ProcessHandle> resident(Laboratory laboratory) throws IOException {
        try (Stream<Path> files = Files.walk(laboratory.folder())) {
            for (Path file : files.filter(file -> file.endsWith("pid")).toList()) {
                return ProcessHandle.of(Long.parseLong(Files.readString(file).strip()));
            }
        }
        return Optional.empty();
    }

    private Duration checked(Answer answer, String sum) {
        if (!answer.text().strip().equals(sum)) {
            throw new LabException("the command '" + command() + "' gives a wrong answer: it printed '"
                    + answer.text().strip() + "', and " + sum + " is right");
        }
        return answer.time();
    }

    /** Of the processors' time, since it was made. */
    private static final class Spent {
        private final long begun = System.nanoTime();
        private final ProcessorTime before = ProcessorTime.now();
        private final Duration ours = ProcessorTime.ofThisProcess();

        /** And by its children that have ended. */
        Duration byThisProcess() {
            return ProcessorTime.ofThisProcess().minus(ours);
        }

        double byOthers(Duration byUs) {
            return ProcessorTime.now().othersSince(before, byUs, System.nanoTime() - begun);
        }
    }
}

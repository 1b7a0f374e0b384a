package io.github.forkless.coordinator.lab;

import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;

/**
 * What the same command took, again and again.
 *
 * @param by who answered
 * @param start what that took to start; nothing where nobody stays
 * @param times of the commands, from the start to the end of each, in their order
 * @param unanswered how many a resident coordinator was asked for and did not answer
 * @param whyNot why not the last of these; empty if it does not say
 * @param cpu of all processes, user and system
 * @param waitingBytes the proportional size of what stays, when the last was answered
 * @param others which part of all processors' time was others' meanwhile, from 0 to 1
 */
public record Repetition(
        By by,
        Duration start,
        List<Duration> times,
        int unanswered,
        String whyNot,
        Duration cpu,
        long waitingBytes,
        double others) {

    /** Who answers a command. */
    public enum By {
        COLD("each command is a process of its own, with workers of its own"),
        RESIDENT("a coordinator that stays, with its workers, answers each");

        private final String meaning;

        By(String meaning) {
            this.meaning = meaning;
        }

        public String meaning() {
            return meaning;
        }
    }

    public Duration median() {
        List<Duration> sorted = times.stream().sorted().toList();
        int middle = times.size() / 2;
        return times.size() % 2 == 1
                ? sorted.get(middle)
                : sorted.get(middle - 1).plus(sorted.get(middle)).dividedBy(2);
    }

    /** Of all commands, and the start. */
    public Duration total() {
        return times.stream().reduce(start, Duration::plus);
    }

    /** How many times as fast one command is, in the middle of all. */
    public double speedUpOver(Repetition other) {
        return (double) other.median().toNanos() / median().toNanos();
    }

    /** After how many commands this has taken less time than {@code other}, the start included; empty if it has not. */
    public OptionalInt paysFrom(Repetition other) {
        long ahead = other.start.minus(start).toNanos();
        for (int i = 0; i < Math.min(times.size(), other.times.size()); i++) {
            ahead += other.times.get(i).minus(times.get(i)).toNanos();
            if (ahead > 0) {
                return OptionalInt.of(i + 1);
            }
        }
        return OptionalInt.empty();
    }
}

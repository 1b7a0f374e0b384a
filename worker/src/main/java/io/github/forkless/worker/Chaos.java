package io.github.forkless.worker;

import io.github.forkless.common.wire.Message.Assignment;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * Harm that workers do to themselves on purpose, to see that the run survives it. What happens to an attempt depends on the
 * seed and on which attempt at what it is, not on timing or on which worker has it: the same run with the same seed has
 * the same failures.
 *
 * @param seed the same seed does the same harm
 * @param kill the share of attempts, from 0 to 1, whose worker ends by SIGKILL: before the work, in the middle of it,
 *     within the answer, or behind the answer, which then counts
 * @param stall the share whose worker stops or hangs until it is timed out
 * @param garbage the share whose answer has foreign bytes in it
 */
public record Chaos(long seed, double kill, double stall, double garbage) {
    private static final String EXAMPLE = "seed=7,kill=0.1,stall=0.02,garbage=0.02";

    /** What a worker's last line begins with when it is harmed. */
    public static final String LAST_WORDS = "chaos: ";

    /** What becomes of the worker that makes an attempt. */
    public enum Fate {
        SPARED("nothing"),
        KILLED_BEFORE_THE_WORK("SIGKILL before the work"),
        KILLED_IN_THE_WORK("SIGKILL in the work"),
        KILLED_IN_THE_ANSWER("SIGKILL within the answer"),
        /** Costs no attempt: the answer has been sent, and nothing else is begun. */
        KILLED_BEHIND_THE_ANSWER("SIGKILL behind the answer"),
        STOPPED("SIGSTOP"),
        HANGING("hanging"),
        GARBLED("garbage in the answer");

        final String words;

        Fate(String words) {
            this.words = words;
        }
    }

    /** @throws IllegalArgumentException when a share is not one, or they add up to more than 1 */
    public Chaos {
        requireShare("kill", kill);
        requireShare("stall", stall);
        requireShare("garbage", garbage);
        if (kill + stall + garbage > 1 + 1e-9) { // 0.7 + 0.2 + 0.1 is more than 1, as doubles go
            throw new IllegalArgumentException("kill, stall and garbage add up to " + (kill + stall + garbage)
                    + ", but an attempt has one fate: use shares that add up to 1 or less");
        }
    }

    private static void requireShare(String name, double share) {
        if (!(share >= 0 && share <= 1)) {
            throw new IllegalArgumentException(name + " is a share of the attempts, from 0 to 1, not " + share);
        }
    }

    /**
     * Reads {@code seed=7,kill=0.1,stall=0.02,garbage=0.02}, in any order; what is left out is 0, and the seed 1.
     *
     * @throws IllegalArgumentException saying what is wrong with {@code text}
     */
    public static Chaos parse(String text) {
        Map<String, String> given = new HashMap<>();
        for (String part : text.split(",", -1)) {
            int equals = part.indexOf('=');
            String name = equals < 0 ? part : part.substring(0, equals);
            switch (name) {
                case "seed", "kill", "stall", "garbage" -> {
                    if (equals < 0 || given.put(name, part.substring(equals + 1)) != null) {
                        throw new IllegalArgumentException(name + " needs one value, as in " + EXAMPLE);
                    }
                }
                default ->
                    throw new IllegalArgumentException(
                            "'" + name + "' is not among seed, kill, stall and garbage; write it as in " + EXAMPLE);
            }
        }
        if (!given.containsKey("kill") && !given.containsKey("stall") && !given.containsKey("garbage")) {
            throw new IllegalArgumentException("it says nothing of kill, stall or garbage; write it as in " + EXAMPLE);
        }
        return new Chaos(
                seed(given.getOrDefault("seed", "1")),
                share("kill", given),
                share("stall", given),
                share("garbage", given));
    }

    private static long seed(String text) {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("seed is a whole number, not '" + text + "'", e);
        }
    }

    private static double share(String name, Map<String, String> given) {
        String text = given.getOrDefault(name, "0");
        try {
            return Double.parseDouble(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(
                    name + " is a share of the attempts, from 0 to 1, not '" + text + "'", e);
        }
    }

    /** What happens to the worker that makes this attempt. */
    public Fate fateOf(Assignment attempt) {
        SplittableRandom random = random(attempt);
        double which = random.nextDouble();
        if (which < kill) {
            return switch (random.nextInt(4)) {
                case 0 -> Fate.KILLED_BEFORE_THE_WORK;
                case 1 -> Fate.KILLED_IN_THE_WORK;
                case 2 -> Fate.KILLED_IN_THE_ANSWER;
                default -> Fate.KILLED_BEHIND_THE_ANSWER;
            };
        } else if (which < kill + stall) {
            return random.nextBoolean() ? Fate.STOPPED : Fate.HANGING;
        }
        return which < kill + stall + garbage ? Fate.GARBLED : Fate.SPARED;
    }

    /** Where in its slice, or in its answer, that is: 0 or more and less than {@code length}. */
    long where(Assignment attempt, long length) {
        return random(attempt).split().nextLong(Math.max(1, length));
    }

    /** Not by the task's number: that of a merge, and of a part of a slice, depends on what came before. */
    private SplittableRandom random(Assignment attempt) {
        long key = seed;
        key = mixed(key, attempt.run());
        key = mixed(key, attempt.firstSet());
        key = mixed(key, attempt.slice().from());
        key = mixed(key, attempt.slice().to());
        return new SplittableRandom(mixed(key, attempt.attempt()));
    }

    private static long mixed(long key, long part) {
        long mixed = (key ^ part) * 0x9e3779b97f4a7c15L;
        return mixed ^ mixed >>> 32;
    }

    /** As {@link #parse} reads it. */
    @Override
    public String toString() {
        return "seed=" + seed + ",kill=" + kill + ",stall=" + stall + ",garbage=" + garbage;
    }
}

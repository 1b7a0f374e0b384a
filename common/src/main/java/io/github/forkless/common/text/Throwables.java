package io.github.forkless.common.text;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Describes any exception. Its class may be a job's, so every method of it may throw, return null or make something new
 * each time: nothing of that is passed on, and what is described has bounds. Only a method that does not return is waited
 * for, as the job's own code would be.
 */
public final class Throwables {
    private static final int LONGEST_LINE = 4_000;
    private static final int LONGEST_TRACE = 64_000;

    /** How many exceptions are looked at: causes and suppressed ones. */
    private static final int MOST_EXCEPTIONS = 100;

    private static final int MOST_FRAMES = 1_000;
    private static final int LONGEST_FRAME = 500;
    private static final StackTraceElement[] NO_FRAMES = {};

    /** What {@code toString()} says, and what its cause says where the exception itself has no words for it. */
    public static String line(Throwable failure) {
        var line = new StringBuilder();
        Throwable last = null;
        for (Throwable each : causes(failure)) {
            if (last != null && !hidesItsCause(last) || line.length() > LONGEST_LINE) {
                break;
            }
            line.append(last == null ? "" : ", caused by ").append(Described.of(each, LONGEST_LINE));
            last = each;
        }
        return line.toString();
    }

    private static boolean hidesItsCause(Throwable failure) {
        return failure instanceof LinkageError || message(failure) == null;
    }

    /** What {@code getMessage()} says; null where that is null or throws. */
    public static String message(Throwable failure) {
        String message = ask(failure::getMessage, null);
        return message == null ? null : Text.shortened(message, LONGEST_LINE);
    }

    /** What {@code printStackTrace()} would print of an exception that has no other one. */
    public static String trace(Throwable failure) {
        var trace = new Trace();
        trace.add(failure, NO_FRAMES, "", "");
        return trace.isFull() ? trace.text + "... and more\n" : trace.text.toString();
    }

    /** The exception, its cause, the cause of that and so on, each once. */
    public static Iterable<Throwable> causes(Throwable failure) {
        return () -> new Causes(failure);
    }

    private static final class Causes implements Iterator<Throwable> {
        private final Set<Throwable> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        private Throwable next;

        Causes(Throwable failure) {
            next = failure;
        }

        @Override
        public boolean hasNext() {
            return next != null;
        }

        @Override
        public Throwable next() {
            if (next == null) {
                throw new NoSuchElementException();
            }
            Throwable current = next;
            seen.add(current);
            Throwable cause = seen.size() < MOST_EXCEPTIONS ? ask(current::getCause, null) : null;
            next = seen.contains(cause) ? null : cause;
            return current;
        }
    }

    /** In the form of {@link Throwable#printStackTrace()}. */
    private static final class Trace {
        private final StringBuilder text = new StringBuilder();
        private final Set<Throwable> seen = Collections.newSetFromMap(new IdentityHashMap<>());

        /**
         * @param enclosing the frames of what this is the cause of, which most of its own are the same as
         * @param indent in front of each of its lines
         * @param caption in front of the first one
         */
        void add(Throwable failure, StackTraceElement[] enclosing, String indent, String caption) {
            String words = Described.of(failure, LONGEST_LINE);
            if (!seen.add(failure)) {
                line(indent + caption + "[CIRCULAR REFERENCE: " + words + "]");
                return;
            }
            line(indent + caption + words);
            StackTraceElement[] frames = frames(failure);
            int common = inCommon(frames, enclosing);
            int own = Math.min(frames.length - common, MOST_FRAMES);
            for (int i = 0; i < own && !isFull(); i++) {
                line(indent + "\tat " + Described.of(frames[i], LONGEST_FRAME));
            }
            if (own < frames.length) {
                line(indent + "\t... " + (frames.length - own) + " more");
            }
            for (Throwable suppressed : failure.getSuppressed()) {
                if (isFull()) {
                    break;
                }
                add(suppressed, frames, indent + "\t", "Suppressed: ");
            }
            Throwable cause = ask(failure::getCause, null);
            if (cause != null && !isFull()) {
                add(cause, frames, indent, "Caused by: ");
            }
        }

        private boolean isFull() {
            return seen.size() >= MOST_EXCEPTIONS || text.length() > LONGEST_TRACE;
        }

        private static StackTraceElement[] frames(Throwable failure) {
            StackTraceElement[] frames = ask(failure::getStackTrace, NO_FRAMES);
            return frames == null ? NO_FRAMES : frames;
        }

        private static int inCommon(StackTraceElement[] frames, StackTraceElement[] enclosing) {
            int common = 0;
            while (common < Math.min(frames.length, enclosing.length)
                    && frames[frames.length - 1 - common] != null
                    && frames[frames.length - 1 - common].equals(enclosing[enclosing.length - 1 - common])) {
                common++;
            }
            return common;
        }

        private void line(String words) {
            text.append(words).append('\n');
        }
    }

    private static <T> T ask(Supplier<T> question, T otherwise) {
        try {
            return question.get();
        } catch (Throwable e) { // it is not this code's
            return otherwise;
        }
    }

    private Throwables() {}
}

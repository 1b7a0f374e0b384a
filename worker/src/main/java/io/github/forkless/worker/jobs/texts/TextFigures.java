package io.github.forkless.worker.jobs.texts;

/** What is known of each text of a kind: some numbers, none of them negative. */
public interface TextFigures {

    /** How many numbers. */
    int count();

    /** Adds those of another place to {@code sum}. */
    void add(long[] sum, long[] more);

    /** The byte that ends texts where they come from: none has it. */
    char end();
}

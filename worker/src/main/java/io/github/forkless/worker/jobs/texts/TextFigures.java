package io.github.forkless.worker.jobs.texts;

import io.github.forkless.common.wire.ByteReader;
import io.github.forkless.common.wire.ByteWriter;

/** What is known of each text of a kind, as bytes. */
public interface TextFigures {

    /** Reads those of one text. */
    void skip(ByteReader in);

    /** Reads those of one text from two places and writes those of all. */
    void merge(ByteReader one, ByteReader other, ByteWriter to);

    /** The byte that ends texts where they come from: none has it, or few. */
    char end();
}

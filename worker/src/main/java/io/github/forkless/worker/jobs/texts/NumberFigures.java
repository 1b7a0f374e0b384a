package io.github.forkless.worker.jobs.texts;

import io.github.forkless.common.wire.ByteReader;
import io.github.forkless.common.wire.ByteWriter;

/** Some numbers for each text, none of them negative, as varints. For one thread, as it reads all into the same arrays. */
public abstract class NumberFigures implements TextFigures {
    private final long[] sum;
    private final long[] more;

    /** @param count how many numbers */
    protected NumberFigures(int count) {
        this.sum = new long[count];
        this.more = new long[count];
    }

    /** Adds those of another place to {@code sum}. */
    protected abstract void add(long[] sum, long[] more);

    /** The numbers of a text, in an array that is the same for all texts. */
    public long[] read(ByteReader in) {
        return read(in, sum);
    }

    private static long[] read(ByteReader in, long[] to) {
        for (int i = 0; i < to.length; i++) {
            to[i] = in.getVarint();
        }
        return to;
    }

    @Override
    public void skip(ByteReader in) {
        for (int i = 0; i < sum.length; i++) {
            in.getVarint();
        }
    }

    @Override
    public void merge(ByteReader one, ByteReader other, ByteWriter to) {
        add(read(one, sum), read(other, more));
        for (long value : sum) {
            to.putVarint(value);
        }
    }
}

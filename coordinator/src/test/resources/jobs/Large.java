import io.github.forkless.common.dataset.Block;
import io.github.forkless.common.job.Job;

/**
 * Has partials of a size.
 *
 * @param bytes how large
 */
record Large(int bytes) implements Job<byte[], Integer> {
    @Override
    public byte[] start() {
        return new byte[bytes];
    }

    @Override
    public byte[] accept(byte[] partial, Block block) {
        return partial;
    }

    @Override
    public byte[] merge(byte[] left, byte[] right) {
        return left;
    }

    @Override
    public Integer finish(byte[] partial) {
        return partial.length;
    }
}

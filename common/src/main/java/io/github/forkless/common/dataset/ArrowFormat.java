package io.github.forkless.common.dataset;

import io.github.forkless.common.dataset.arrow.ArrowException;
import io.github.forkless.common.dataset.arrow.ArrowFile;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.channels.FileChannel;
import java.nio.file.Path;

/** Arrow's file format, which Feather of version 2 is, too: a table. What begins like it is it, whatever its name. */
final class ArrowFormat {
    static Layout read(Candidate file) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            ArrowFile arrow = ArrowFile.read(file.channel().map(FileChannel.MapMode.READ_ONLY, 0, file.size(), arena));
            if (arrow.obstacle().isPresent()) {
                throw new DatasetException(file.path(), obstacle(file.path(), arrow));
            }
            return new Layout.Table(arrow.columns(), arrow.rows(), arrow.bytes());
        } catch (ArrowException e) {
            throw new DatasetException(file.path(), e.getMessage());
        } catch (InternalError e) {
            throw truncated(file.path());
        }
    }

    /** A read of what was mapped, and is there no more, is an {@link InternalError}. */
    static DatasetException truncated(Path file) {
        return new DatasetException(file, "truncated while it was looked at; run again when nothing writes to it");
    }

    /** What to say of values that cannot be read where they are. */
    static String obstacle(Path file, ArrowFile arrow) {
        // What helps with a stream helps with compressed values, too.
        return arrow.obstacle().orElseThrow() + ", so it cannot be read in place; "
                + (arrow.isBigEndian() ? ForeignFormat.FEATHER : ForeignFormat.ARROW_STREAM).adviceFor(file);
    }

    private ArrowFormat() {}
}

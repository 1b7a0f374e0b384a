package io.github.forkless.common.dataset;

import io.github.forkless.common.column.TableColumn;
import io.github.forkless.common.dataset.arrow.ArrowException;
import io.github.forkless.common.dataset.arrow.ArrowFile;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * What a file says of the table in it, also if that cannot be read.
 *
 * @param size of the file, in bytes
 * @param fewestRows of a batch; 0 where there is none
 * @param mostRows of a batch; 0 where there is none
 * @param nulls in each column; -1 where the file does not say
 * @param obstacle why it cannot be read in place, and what to do
 */
public record TableFacts(
        List<TableColumn> columns,
        long rows,
        long size,
        int batches,
        long fewestRows,
        long mostRows,
        List<Long> nulls,
        Optional<String> obstacle) {

    /**
     * Looks at a file.
     *
     * @return empty if it is not a table
     * @throws DatasetException if it begins like one and is broken
     */
    public static Optional<TableFacts> of(Path path) {
        if (!Files.isRegularFile(path)) {
            return Optional.empty();
        }
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ);
                Arena arena = Arena.ofConfined()) {
            if (!ForeignFormat.of(channel, false).equals(Optional.of(ForeignFormat.ARROW))) {
                return Optional.empty();
            }
            return Optional.of(of(
                    path,
                    ArrowFile.read(channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena)),
                    channel.size()));
        } catch (ArrowException e) {
            throw new DatasetException(path, e.getMessage());
        } catch (InternalError e) {
            throw ArrowFormat.truncated(path);
        } catch (IOException e) {
            return Optional.empty(); // which who opens it will say
        }
    }

    private static TableFacts of(Path path, ArrowFile arrow, long size) throws ArrowException {
        long fewest = arrow.batches() == 0 ? 0 : Long.MAX_VALUE;
        long most = 0;
        for (int i = 0; i < arrow.batches(); i++) {
            long rows = arrow.firstRow(i + 1) - arrow.firstRow(i);
            fewest = Math.min(fewest, rows);
            most = Math.max(most, rows);
        }
        return new TableFacts(
                arrow.columns(),
                arrow.rows(),
                size,
                arrow.batches(),
                fewest,
                most,
                Arrays.stream(arrow.nulls()).boxed().toList(),
                arrow.obstacle().map(_ -> ArrowFormat.obstacle(path, arrow)));
    }
}

package io.github.forkless.common.dataset;

import io.github.forkless.common.text.Text;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * A kind of file that is a dataset. To add one, write it and name it in {@link #ALL}: nothing else knows them one by one.
 */
interface DatasetFormat {
    /**
     * The first one that takes a file reads it. The last one takes any; {@link #other} knows what begins in a way of its own.
     */
    List<DatasetFormat> ALL = List.of(new NpyFormat(), new TextFormat(), new RecordsFormat(), new RawFormat());

    /** The format of a file. */
    static DatasetFormat of(Candidate file) {
        for (DatasetFormat format : ALL) {
            if (format.takes(file)) {
                return format;
            }
        }
        throw new AssertionError("the last format takes any file");
    }

    /** Whether a file is of this format, by its name and the type that the user gave. Reads nothing. */
    boolean takes(Candidate file);

    /**
     * What the file has. Reads no more than a header, and of a table where its batches are.
     *
     * @throws DatasetException if it is broken, or contradicts the type that the user gave
     */
    Layout read(Candidate file) throws IOException;

    /**
     * What a file has that begins as one of another format; empty if it does not. Numbers or lines from the first byte on may
     * begin with any bytes, if rarely: who gives their type, knows.
     *
     * @throws DatasetException if it is of a format that is not read
     */
    static Optional<Layout> other(Candidate file, String expected, Optional<ElementType> byName) throws IOException {
        Optional<ForeignFormat> foreign = ForeignFormat.of(
                file.channel(), byName.filter(ElementType::isText).isPresent());
        if (foreign.isPresent() && foreign.get() == ForeignFormat.ARROW) {
            return Optional.of(ArrowFormat.read(file));
        }
        if (foreign.isPresent()) {
            throw new DatasetException(
                    file.path(),
                    Text.format(
                            "%s, not %s; %s (to read its bytes as they are, use DatasetFile.open(path, type)%s)",
                            foreign.get().label(),
                            expected,
                            foreign.get().adviceFor(file.path()),
                            byName.isEmpty() ? "" : " with " + byName.get().label()));
        }
        return Optional.empty();
    }
}

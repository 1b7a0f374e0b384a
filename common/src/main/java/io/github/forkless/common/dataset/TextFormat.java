package io.github.forkless.common.dataset;

import java.io.IOException;
import java.util.Optional;

/** Lines of text, by the file's name or because the user says so. */
final class TextFormat implements DatasetFormat {
    private static final Optional<ElementType> TEXT = Optional.of(ElementType.TEXT);

    @Override
    public boolean takes(Candidate file) {
        return file.given().or(file::typeByName).equals(TEXT);
    }

    @Override
    public Layout read(Candidate file) throws IOException {
        if (file.given().isEmpty()) {
            Optional<Layout> other = DatasetFormat.other(file, "text", TEXT);
            if (other.isPresent()) {
                return other.get();
            }
        }
        return new Layout.Text(0, file.size());
    }
}

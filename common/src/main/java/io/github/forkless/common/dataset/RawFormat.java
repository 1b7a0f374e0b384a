package io.github.forkless.common.dataset;

import io.github.forkless.common.text.Text;
import java.io.IOException;
import java.util.Optional;

/** Little-endian numbers from the first byte on, and nothing else: what any file may be. */
final class RawFormat implements DatasetFormat {
    @Override
    public boolean takes(Candidate file) {
        return true;
    }

    @Override
    public Layout read(Candidate file) throws IOException {
        Optional<ElementType> byName = file.typeByName();
        if (file.given().isEmpty()) {
            Optional<Layout> other =
                    DatasetFormat.other(file, byName.isEmpty() ? "raw numbers or text" : "raw numbers", byName);
            if (other.isPresent()) {
                return other.get();
            }
        }
        ElementType type = file.given().or(() -> byName).orElseThrow(() -> UnknownTypeException.ofName(file.path()));
        long left = file.size() % type.width();
        if (left != 0) {
            throw new DatasetException(
                    file.path(),
                    Text.format(
                            "%d bytes is not a whole number of %s elements of %d bytes: %s left over; check the type"
                                    + " of its elements, and the file",
                            file.size(), type.label(), type.width(), left == 1 ? "1 byte is" : left + " bytes are"));
        }
        return new Layout.Numbers(type, 0, file.size() / type.width());
    }
}

package io.github.forkless.coordinator.cli;

import io.github.forkless.common.dataset.Dataset;
import io.github.forkless.common.dataset.DatasetFile;
import io.github.forkless.common.dataset.ElementType;
import io.github.forkless.coordinator.result.InvalidRequestException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What {@code --type} says a file is.
 *
 * @param recordWidth bytes of each record; 0 for what is no records
 */
record GivenType(ElementType element, int recordWidth) {

    /** As it is typed. */
    String label() {
        return recordWidth > 0 ? "record:" + recordWidth : element.label();
    }

    /** Looks at several files that are one dataset. */
    static Dataset open(List<Path> paths, Optional<GivenType> given) {
        if (given.isPresent() && given.get().recordWidth > 0) {
            throw new InvalidRequestException("--type " + given.get().label()
                    + " is for records, which are not read from several files; name one");
        }
        return Dataset.open(paths, given.map(GivenType::element));
    }

    static DatasetFile open(Path path, Optional<GivenType> given) {
        if (given.isEmpty()) {
            return DatasetFile.open(path, Optional.empty());
        }
        GivenType type = given.get();
        return type.recordWidth > 0
                ? DatasetFile.openRecords(path, type.recordWidth)
                : DatasetFile.open(path, Optional.of(type.element));
    }
}

package io.github.forkless.common.dataset;

import io.github.forkless.common.text.Text;
import java.io.IOException;

/** NumPy's {@code .npy}, an array with a header that says what it is; and {@code .npz}, which has some of those. */
final class NpyFormat implements DatasetFormat {
    @Override
    public boolean takes(Candidate file) {
        return file.isNamed("npy") || file.isNamed("npz");
    }

    @Override
    public Layout read(Candidate file) throws IOException {
        if (Candidate.extension(file.real()).equals("npz") || !file.isNamed("npy")) {
            return NpzFormat.read(file);
        }
        return layout(file, NpyHeader.read(file.path(), file.channel(), 0, file.size()));
    }

    /** @throws DatasetException if the type that the user gave is another one */
    static Layout layout(Candidate file, Layout inFile) {
        if (file.given().isPresent() && file.given().get() != inFile.storedType()) {
            throw new DatasetException(
                    file.path(),
                    Text.format(
                            "its header says %s, but the type given is %s; leave the type out",
                            inFile.label(), file.given().get().label()));
        }
        return inFile;
    }
}

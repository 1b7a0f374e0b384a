package io.github.forkless.common.dataset;

import io.github.forkless.common.text.Text;
import java.io.IOException;

/** NumPy's {@code .npy}: an array with a header that says what it is. */
final class NpyFormat implements DatasetFormat {
    @Override
    public boolean takes(Candidate file) {
        return file.isNamed("npy");
    }

    @Override
    public Layout read(Candidate file) throws IOException {
        NpyHeader header = NpyHeader.read(file.path(), file.channel(), file.size());
        if (file.given().isPresent() && file.given().get() != header.type()) {
            throw new DatasetException(
                    file.path(),
                    Text.format(
                            "its header says %s, but the type given is %s; leave the type out",
                            header.type().label(), file.given().get().label()));
        }
        return new Layout.Numbers(header.type(), header.offset(), header.count(), header.shape());
    }
}

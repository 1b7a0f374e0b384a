package io.github.forkless.bench;

import io.github.forkless.common.dataset.DatasetFile;
import io.github.forkless.common.wire.ByteWriter;
import io.github.forkless.common.wire.Message;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Writes what a worker is sent first, the request to map a dataset: {@code OpenRequest DATA FILE}. */
public final class OpenRequest {

    public static void main(String[] args) throws IOException {
        var open = new Message.Open(1, DatasetFile.open(Path.of(args[0]), Optional.empty()));
        try (OutputStream out = Files.newOutputStream(Path.of(args[1]))) {
            open.send(out, new ByteWriter());
        }
    }

    private OpenRequest() {}
}

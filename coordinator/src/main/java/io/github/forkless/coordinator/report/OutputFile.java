package io.github.forkless.coordinator.report;

import io.github.forkless.coordinator.InvalidRequestException;
import io.github.forkless.coordinator.files.HiddenFile;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.Writer;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A file that an option of the command line asks for, written when everything else is done. It replaces one of its name,
 * but only when it is whole; a pipe or a device is written to as it is.
 *
 * @param option names it in errors: {@code --report}
 */
public record OutputFile(String option, Path path) {

    /** Writes what is to be in the file. */
    @FunctionalInterface
    public interface Content {
        void writeTo(Writer out) throws IOException;
    }

    /**
     * Finds out before any work is done whether it can be written.
     *
     * @param dataset a file that it must not replace
     * @throws InvalidRequestException if it cannot
     */
    public void requireWritable(Path dataset) {
        Path folder = path.toAbsolutePath().getParent();
        if (folder == null || Files.isDirectory(path)) {
            throw new InvalidRequestException(option + " " + path + ": that is a folder");
        }
        if (!Files.isDirectory(folder)) {
            throw new InvalidRequestException(option + " " + path + ": there is no folder " + folder);
        }
        if (!Files.isWritable(isReplaced() ? folder : path)) {
            throw new InvalidRequestException(option + " " + path + ": " + folder + " cannot be written to");
        }
        try {
            if (Files.exists(path) && Files.exists(dataset) && Files.isSameFile(path, dataset)) {
                throw new InvalidRequestException(option + " " + path + ": that is the dataset");
            }
        } catch (IOException e) {
            throw new InvalidRequestException(option + " " + path + ": cannot be looked at: " + e.getMessage());
        }
    }

    /** @throws IOException naming the file, if it cannot be written; what was there before is there yet */
    public void write(Content content) throws IOException {
        try {
            if (isReplaced()) {
                replace(content);
            } else {
                overwrite(content);
            }
        } catch (IOException e) {
            throw failed(e);
        }
    }

    /**
     * The same for a thread that runs because this JVM is ending. Then nothing can be hidden any more: who reads the file
     * now may see a part of it.
     *
     * @throws IOException naming the file, if it cannot be written
     */
    public void writeAtShutdown(Content content) throws IOException {
        try {
            overwrite(content);
        } catch (IOException e) {
            throw failed(e);
        }
    }

    private IOException failed(IOException e) {
        // Some exceptions of files have nothing but the file's name for a message.
        boolean isBare = e instanceof FileSystemException f && f.getReason() == null;
        return new IOException(
                option + " " + path + " could not be written: "
                        + (isBare ? e.getClass().getSimpleName() + " at " : "") + e.getMessage(),
                e);
    }

    private void overwrite(Content content) throws IOException {
        try (BufferedWriter out = Files.newBufferedWriter(path)) {
            content.writeTo(out);
        }
    }

    private void replace(Content content) throws IOException {
        Path destination = Files.exists(path) ? path.toRealPath() : path.toAbsolutePath();
        try (HiddenFile hidden = HiddenFile.createBeside(destination);
                var out = new BufferedWriter(Channels.newWriter(hidden.channel(), StandardCharsets.UTF_8))) {
            content.writeTo(out);
            out.flush();
            hidden.publish(destination, true);
        }
    }

    private boolean isReplaced() {
        return Files.notExists(path) || Files.isRegularFile(path);
    }
}

package io.github.forkless.coordinator.report;

import io.github.forkless.coordinator.files.CurrentFolder;
import io.github.forkless.coordinator.files.Destination;
import io.github.forkless.coordinator.files.ForeignFileException;
import io.github.forkless.coordinator.files.HiddenFile;
import io.github.forkless.coordinator.result.InvalidRequestException;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.channels.Channels;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/**
 * A file that an option of the command line asks for, written when everything else is done. It replaces one of its name,
 * but only when it is whole; a pipe or a device is written to as it is, and opened before the work, as that waits for a reader.
 */
public final class OutputFile {
    /** So long it is not said that a reader is waited for. */
    private static final long SILENT_MILLIS = 1_000;

    private final String option;
    private final Path path;
    /** A pipe or a device that was opened. */
    private OutputStream opened;

    /** Writes what is to be in the file. */
    @FunctionalInterface
    public interface Content {
        void writeTo(Writer out) throws IOException;
    }

    /** The same of a file that is no text. */
    @FunctionalInterface
    public interface Bytes {
        void writeTo(WritableByteChannel out) throws IOException;
    }

    /** @param option names it in errors: {@code --report} */
    public OutputFile(String option, Path path) {
        this.option = option;
        this.path = path;
    }

    public String option() {
        return option;
    }

    public Path path() {
        return path;
    }

    /**
     * Finds out before any work is done whether it can be written.
     *
     * @throws InvalidRequestException if it cannot
     */
    public void requireWritable() {
        Path folder = CurrentFolder.absolute(path).getParent();
        if (folder == null || Files.isDirectory(path)) {
            throw refused("that is a folder");
        }
        if (!Files.isDirectory(folder)) {
            throw refused("there is no folder " + folder);
        }
        try {
            Path destination = Destination.of(path);
            if (!isReplaced(destination)) {
                if (!Files.isWritable(destination)) {
                    throw refused("it cannot be written to");
                }
            } else {
                HiddenFile.createBeside(destination, true).close(); // fails where the one for the content will
            }
        } catch (ForeignFileException e) {
            throw refused(e.getReason() + "; remove it first, or give another name");
        } catch (IOException e) {
            throw refused("no file can be created there: " + reason(e));
        }
    }

    private InvalidRequestException refused(String why) {
        return new InvalidRequestException(option + " " + path + ": " + why);
    }

    /**
     * Opens what is not replaced. A pipe without a reader is waited for.
     *
     * @param notices told if that takes a while
     * @throws InvalidRequestException if it cannot be opened
     */
    public void open(Consumer<String> notices) throws InterruptedException {
        try {
            Path destination = Destination.of(path);
            if (!isReplaced(destination)) {
                opened = openOnThread(destination, notices);
            }
        } catch (IOException e) {
            throw refused("cannot be opened: " + reason(e));
        }
    }

    private OutputStream openOnThread(Path pipe, Consumer<String> notices) throws IOException, InterruptedException {
        var opening = new FutureTask<>(() -> Destination.open(pipe));
        Thread.ofPlatform().daemon().name("open-" + option).start(opening);
        try {
            try {
                return opening.get(SILENT_MILLIS, TimeUnit.MILLISECONDS);
            } catch (TimeoutException e) {
                notices.accept(option + " " + path + " is a pipe that nobody reads; waiting until somebody does");
                return opening.get();
            }
        } catch (ExecutionException e) {
            throw e.getCause() instanceof IOException cause ? cause : new IOException(e.getCause());
        }
    }

    /** @throws IOException naming the file, if it cannot be written; what was there before is there yet */
    public void write(Content content) throws IOException {
        writeBytes(channel -> {
            var out = new BufferedWriter(Channels.newWriter(channel, StandardCharsets.UTF_8));
            content.writeTo(out);
            out.flush();
        });
    }

    /** The same for a file that is no text. */
    public void writeBytes(Bytes content) throws IOException {
        try {
            if (opened != null) {
                try (WritableByteChannel out = Channels.newChannel(opened)) {
                    content.writeTo(out);
                }
            } else {
                replace(content);
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
            OutputStream out = opened != null
                    ? opened
                    : Files.newOutputStream(
                            Destination.of(path),
                            StandardOpenOption.CREATE,
                            StandardOpenOption.TRUNCATE_EXISTING,
                            StandardOpenOption.WRITE,
                            LinkOption.NOFOLLOW_LINKS);
            try (var writer = new BufferedWriter(new OutputStreamWriter(out, StandardCharsets.UTF_8))) {
                content.writeTo(writer);
            }
        } catch (IOException e) {
            throw failed(e);
        }
    }

    private void replace(Bytes content) throws IOException {
        try (HiddenFile hidden = HiddenFile.createBeside(Destination.of(path), true)) {
            content.writeTo(hidden.channel());
            hidden.publish();
        }
    }

    private static boolean isReplaced(Path destination) {
        return Files.notExists(destination) || Files.isRegularFile(destination);
    }

    private IOException failed(IOException e) {
        return new IOException(option + " " + path + " could not be written: " + reason(e), e);
    }

    /** Some exceptions of files have nothing but the file's name for a message. */
    private static String reason(IOException e) {
        return switch (e) {
            case AccessDeniedException _ -> "permission denied";
            case FileSystemException f
            when f.getReason() == null -> f.getClass().getSimpleName() + " at " + f.getMessage();
            case ClosedByInterruptException _ -> "this thread was interrupted";
            default -> e.getMessage();
        };
    }
}

package io.github.forkless.common.dataset;

import io.github.forkless.common.text.Text;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Locale;
import java.util.Optional;

/**
 * A file that was looked at and found to be a dataset. Nothing is mapped or held open.
 *
 * @param path absolute, with links resolved: the same file for every process
 * @param type what its elements are
 * @param offset bytes from the start of the file to the first element; 0 for a raw file. For a {@code .npy} file it is
 *     whatever its writer chose: NumPy takes a multiple of 64, others may leave the elements unaligned
 * @param count elements, or bytes for text
 * @param identity the file's state before anything of it was read
 */
public record DatasetFile(Path path, ElementType type, long offset, long count, FileIdentity identity) {

    /** Written out because a record's own costs 10 ms at its first call, which is in every run's way. */
    @Override
    public int hashCode() {
        return path.hashCode() * 31 + Long.hashCode(count);
    }

    /** @throws IllegalArgumentException if a number is negative, or the elements end beyond 2<sup>63</sup> bytes */
    public DatasetFile {
        if (offset < 0 || count < 0 || count > (Long.MAX_VALUE - offset) / type.width()) {
            throw new IllegalArgumentException(Text.format("%d elements of %s at %d", count, type.label(), offset));
        }
    }

    /** Bytes of all elements, without a header. */
    public long bytes() {
        return count * type.width();
    }

    /** The slice that is all of it. */
    public Slice whole() {
        return new Slice(0, count);
    }

    /**
     * Looks at a file: what its elements are, where they begin and how many there are.
     *
     * <p>A {@code .npy} file says its type itself. Any other has the type given, or else the one that its name tells;
     * without a type given, a file that begins like one of another format is refused. Never blocks on a pipe or a device;
     * reads at most a header and a byte.
     *
     * @param path as the user wrote it; errors name it so
     * @param type what the user says the elements are, if anything
     * @throws UnknownTypeException if neither {@code type} nor the name tells the type
     * @throws DatasetException if it is missing, not a regular and stored file, or unreadable, if its length is not a
     *     whole number of elements, if it is of another format, if its {@code .npy} header is broken or not supported, or
     *     contradicts {@code type}
     */
    public static DatasetFile open(Path path, Optional<ElementType> type) {
        // Before anything else: opening a pipe would wait for a writer, and resolving /dev/fd/63 would fail.
        FileIdentity.Status status = FileIdentity.Status.of(path);
        if (!status.isRegularFile()) {
            throw new DatasetException(
                    path, Text.format("%s, not a regular file; %s", status.kind(), status.adviceFor(path)));
        }
        try {
            Path real = path.toRealPath();
            // Opened for a raw file too: better an error now than one from every worker.
            try (FileChannel channel = FileChannel.open(real, StandardOpenOption.READ)) {
                StoredFile.require(path, channel, status.identity());
                return isNpy(path) || isNpy(real)
                        ? npy(path, real, channel, type, status.identity())
                        : raw(path, real, channel, type, status.identity());
            }
        } catch (IOException e) {
            throw DatasetException.unreadable(path, e);
        }
    }

    /**
     * What the elements of a raw file of this name are, whether it exists or not: {@code .bin} is {@code int32};
     * {@code .txt .log .csv .tsv .jsonl} are text; empty for all others, and for {@code .npy}, where the content tells.
     */
    public static Optional<ElementType> typeByName(Path path) {
        return switch (extension(path)) {
            case "bin" -> Optional.of(ElementType.INT32);
            case "txt", "log", "csv", "tsv", "jsonl" -> Optional.of(ElementType.TEXT);
            default -> Optional.empty();
        };
    }

    private static DatasetFile npy(
            Path path, Path real, FileChannel channel, Optional<ElementType> type, FileIdentity identity)
            throws IOException {
        NpyHeader header = NpyHeader.read(path, channel, identity.size());
        if (type.isPresent() && type.orElseThrow() != header.type()) {
            throw new DatasetException(
                    path,
                    Text.format(
                            "its header says %s, but the type given is %s; leave the type out",
                            header.type().label(), type.orElseThrow().label()));
        }
        return new DatasetFile(real, header.type(), header.offset(), header.count(), identity);
    }

    private static DatasetFile raw(
            Path path, Path real, FileChannel channel, Optional<ElementType> given, FileIdentity identity)
            throws IOException {
        Optional<ElementType> byName = typeByName(path).or(() -> typeByName(real));
        if (given.isEmpty()) {
            refuseForeign(path, channel, byName);
        }
        ElementType type = given.or(() -> byName).orElseThrow(() -> UnknownTypeException.ofName(path));
        long left = identity.size() % type.width();
        if (left != 0) {
            throw new DatasetException(
                    path,
                    Text.format(
                            "%d bytes is not a whole number of %s elements of %d bytes: %s left over; check the type"
                                    + " of its elements, and the file",
                            identity.size(),
                            type.label(),
                            type.width(),
                            left == 1 ? "1 byte is" : left + " bytes are"));
        }
        return new DatasetFile(real, type, 0, identity.size() / type.width(), identity);
    }

    /** Raw numbers may begin with any bytes, if rarely: who gives their type, knows. */
    private static void refuseForeign(Path path, FileChannel channel, Optional<ElementType> byName) throws IOException {
        boolean isText = byName.isPresent() && byName.get().isText();
        Optional<ForeignFormat> foreign = ForeignFormat.of(channel, isText);
        if (foreign.isPresent()) {
            throw new DatasetException(
                    path,
                    Text.format(
                            "%s, not %s; %s (to read its bytes as they are, use DatasetFile.open(path, type)%s)",
                            foreign.get().label(),
                            byName.isEmpty() ? "raw numbers or text" : isText ? "text" : "raw numbers",
                            foreign.get().adviceFor(path),
                            byName.isEmpty() ? "" : " with " + byName.get().label()));
        }
    }

    private static boolean isNpy(Path path) {
        return extension(path).equals("npy");
    }

    /** In lower case and without its dot; empty if there is none. */
    private static String extension(Path path) {
        Path name = path.getFileName();
        String text = name == null ? "" : name.toString();
        int dot = text.lastIndexOf('.');
        return dot < 0 ? "" : text.substring(dot + 1).toLowerCase(Locale.ROOT);
    }
}

package io.github.forkless.importer;

import dev.hardwood.metadata.CompressionCodec;
import io.github.forkless.common.dataset.DatasetException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * The libraries that unpack what is compressed. Each unpacks a native library of its own into a file, and leaves that behind when the
 * process is killed. So they do that at once, and the file is removed when it is loaded.
 */
final class Codecs {

    /** @throws DatasetException if there is no library for one of them, or it does not work here */
    static void load(Path source, Set<CompressionCodec> codecs) {
        for (CompressionCodec codec : codecs) {
            List<String> loading = loading(codec);
            if (loading == null) {
                throw new DatasetException(
                        source,
                        "its values are compressed with " + codec.name().toLowerCase(Locale.ROOT)
                                + ", which is not read; write it with zstd, snappy, lz4 or gzip");
            }
            if (!loading.isEmpty()) {
                load(source, codec, loading);
            }
        }
    }

    /** A class, and the method that has it load its native library; none where there is none, null for no codec of ours. */
    private static List<String> loading(CompressionCodec codec) {
        return switch (codec) {
            case UNCOMPRESSED, GZIP -> List.of();
            case SNAPPY -> List.of("org.xerial.snappy.Snappy", "getNativeLibraryVersion");
            case ZSTD -> List.of("com.github.luben.zstd.util.Native", "load");
            case LZ4, LZ4_RAW -> List.of("net.jpountz.lz4.LZ4Factory", "fastestInstance");
            case BROTLI, LZO -> null;
        };
    }

    private static void load(Path source, CompressionCodec codec, List<String> loading) {
        try {
            Class.forName(loading.get(0)).getMethod(loading.get(1)).invoke(null);
            removeUnpacked();
        } catch (IOException | ReflectiveOperationException | LinkageError e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new DatasetException(
                    source,
                    "its values are compressed with " + codec.name().toLowerCase(Locale.ROOT)
                            + ", which cannot be read here: " + cause);
        }
    }

    /** What is mapped needs no name any more. */
    private static void removeUnpacked() throws IOException {
        String temporary = System.getProperty("java.io.tmpdir") + "/";
        for (String mapping : Files.readAllLines(Path.of("/proc/self/maps"))) {
            int name = mapping.indexOf(temporary);
            if (name >= 0 && mapping.endsWith(".so")) {
                String library = mapping.substring(name);
                Files.deleteIfExists(Path.of(library));
                Files.deleteIfExists(Path.of(library + ".lck"));
            }
        }
    }

    private Codecs() {}
}

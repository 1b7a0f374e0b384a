package io.github.forkless.common.dataset;

import io.github.forkless.common.text.Text;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Formats that we do not read, by the bytes that they begin with. A file of one of them is neither raw numbers nor text,
 * whatever its name says: reading it so would give an answer without any meaning.
 */
public enum ForeignFormat {
    NPY("a NumPy .npy file", "\u0093NUMPY", "give it a name that says so: mv FILE STEM.npy"),
    RECORDS("a file of records", "\u0089FKREC\r\n", "give it a name that says so: mv FILE STEM.records"),
    ZIP("a zip archive, as .npz files are", "PK\3\4", "unpack it and name a file that was in it: unzip FILE"),
    GZIP("a gzip file", "\u001f\u008b\b", "unpack it: gzip -dc FILE > UNPACKED"),
    ZSTD("a zstd file", "(\u00b5/\u00fd", "unpack it: zstd -dc FILE > UNPACKED"),
    XZ("an xz file", "\u00fd7zXZ\0", "unpack it: xz -dc FILE > UNPACKED"),
    BZIP2("a bzip2 file", "BZh\uffff1AY&SY", "unpack it: bzip2 -dc FILE > UNPACKED"),
    LZ4("an lz4 file", "\4\"M\u0018", "unpack it: lz4 -dc FILE > UNPACKED"),
    SEVEN_ZIP("a 7z archive", "7z\u00bc\u00af'\u001c", "unpack it and name a file that was in it: 7z x FILE"),
    TAR("a tar archive", "ustar", 257, "unpack it and name a file that was in it: tar -xf FILE"),
    PARQUET("a Parquet file", "PAR1", "make a table of it: coordinator import FILE TABLE"),
    /** Read as a table, unless a type is given. */
    ARROW("an Arrow file", "ARROW1\0\0", "leave the type out"),
    ARROW_STREAM(
            "an Arrow stream",
            "\u00ff\u00ff\u00ff\u00ff\uffff\uffff\0\0\u0010\0\0\0",
            "make a table of it: coordinator import FILE TABLE"),
    /** Before Arrow 0.15. */
    OLD_ARROW_STREAM(
            "an Arrow stream",
            "\uffff\uffff\0\0\u0010\0\0\0\0\0\n\0\uffff\0\6\0",
            "make a table of it: coordinator import FILE TABLE"),
    FEATHER(
            "a Feather file of version 1",
            "FEA1",
            "write it as an uncompressed Arrow file: python3 -c \"import sys, pyarrow.feather as f;"
                    + " f.write_feather(f.read_table(sys.argv[1]), 'data.arrow', compression='uncompressed')\" FILE"),
    ORC("an ORC file", "ORC", column("pandas", "pandas.read_orc(sys.argv[1])['COLUMN']")),
    AVRO(
            "an Avro file",
            "Obj\1",
            column("fastavro", "[row['COLUMN'] for row in fastavro.reader(open(sys.argv[1], 'rb'))]")),
    HDF5("an HDF5 file", "\u0089HDF\r\n\u001a\n", column("h5py", "h5py.File(sys.argv[1])['NAME'][()]")),
    NETCDF("a NetCDF file", "CDF\1", column("xarray", "xarray.open_dataset(sys.argv[1])['NAME']")),
    NETCDF_64("a NetCDF file", "CDF\2", column("xarray", "xarray.open_dataset(sys.argv[1])['NAME']")),
    MATLAB("a MATLAB file", "MATLAB 5.0 MAT-file", column("scipy.io", "scipy.io.loadmat(sys.argv[1])['NAME']")),
    SQLITE(
            "an SQLite database",
            "SQLite format 3\0",
            column("sqlite3", "sqlite3.connect(sys.argv[1]).execute('SELECT COLUMN FROM NAME').fetchall()")),
    DUCKDB(
            "a DuckDB database",
            "DUCK",
            8,
            column("duckdb", "duckdb.connect(sys.argv[1]).sql('SELECT COLUMN FROM NAME').fetchnumpy()['COLUMN']")),
    PICKLE(
            "a Python pickle",
            "\u0080\uffff\u0095\uffff\uffff\uffff\uffff\uffff\0\0\0",
            "if you trust who wrote it, " + column("pickle", "pickle.load(open(sys.argv[1], 'rb'))")),
    GIT_LFS(
            "a pointer to a file that Git LFS keeps",
            "version https://git-lfs.github.com/spec/",
            "fetch it: git lfs pull"),
    PDF("a PDF document", "%PDF-", "name the file that has the data"),
    HTML("a web page", "<!DOCTYPE html", "name the file that has the data; a download may have failed"),
    PNG("a PNG image", "\u0089PNG\r\n\u001a\n", "name the file that has the data"),
    JPEG("a JPEG image", "\u00ff\u00d8\u00ff", "name the file that has the data"),
    ELF("a program or library", "\177ELF", "name the file that has the data"),
    JAVA_CLASS("a Java class", "\u00ca\u00fe\u00ba\u00be\0\0", "name the file that has the data");

    /** Enough for all of them. */
    private static final int HEAD_BYTES = 264;

    /** In a pattern, any byte. */
    private static final char ANY = '\uffff';

    /** So long a beginning is no chance, though it could be in a text. */
    private static final int UNMISTAKABLE = 30;

    private static final Set<String> PACKED = Set.of("gz", "zst", "xz", "bz2", "lz4");

    private final String label;
    private final String magic;
    private final int offset;
    private final String advice;

    ForeignFormat(String label, String magic, String advice) {
        this(label, magic, 0, advice);
    }

    ForeignFormat(String label, String magic, int offset, String advice) {
        this.label = label;
        this.magic = magic;
        this.offset = offset;
        this.advice = advice;
    }

    private static String column(String module, String expression) {
        // Put together without a format: all are made for every dataset that is looked at.
        return "save what is wanted of it as .npy: python3 -c \"import numpy, sys, " + module
                + "; numpy.save('data.npy', " + expression + ")\" FILE";
    }

    /**
     * What to say when {@code dataset} is read as the type that was given, and begins like another format.
     *
     * @throws DatasetException if it cannot be read
     */
    public static Optional<String> warningFor(DatasetFile dataset) {
        if (dataset.offset() > 0) {
            return Optional.empty(); // its header was read
        }
        ElementType type = dataset.type();
        try (FileChannel channel = FileChannel.open(dataset.path(), StandardOpenOption.READ)) {
            return of(channel, type.isText())
                    .map(format -> Text.format(
                            "%s begins like %s, and is read as %s%s, as its given type says",
                            dataset.path(),
                            format.label,
                            type.isText() ? "" : "raw ",
                            dataset.layout().label()));
        } catch (IOException e) {
            throw DatasetException.unreadable(dataset.path(), e);
        }
    }

    /** @param isText whether the file may as well be text that begins so: then only what no text begins with counts */
    static Optional<ForeignFormat> of(FileChannel channel, boolean isText) throws IOException {
        ByteBuffer head = ByteBuffer.allocate(HEAD_BYTES);
        while (head.hasRemaining() && channel.read(head, head.position()) > 0) {}
        head.flip();
        for (ForeignFormat format : values()) {
            if (format.begins(head) && !(isText && format.mayBeText())) {
                return Optional.of(format);
            }
        }
        return Optional.empty();
    }

    private boolean begins(ByteBuffer head) {
        if (offset + magic.length() > head.limit()) {
            return false;
        }
        for (int i = 0; i < magic.length(); i++) {
            char expected = magic.charAt(i);
            if (expected != ANY && expected != (head.get(offset + i) & 0xff)) {
                return false;
            }
        }
        return true;
    }

    private boolean mayBeText() {
        return magic.length() < UNMISTAKABLE && magic.chars().allMatch(c -> c >= ' ' && c <= '~' || c == ANY);
    }

    /** What a file of it is: {@code a gzip file}. */
    String label() {
        return label;
    }

    /** What to do with a file of it, ending with a command where there is one. */
    String adviceFor(Path file) {
        return Pattern.compile("FILE|STEM|TABLE|UNPACKED").matcher(advice).replaceAll(name -> {
            Path meant = switch (name.group()) {
                case "STEM" -> file.resolveSibling(stem(file));
                case "TABLE" -> table(file);
                case "UNPACKED" -> unpacked(file);
                default -> file;
            };
            return Matcher.quoteReplacement(ShellWord.of(meant));
        });
    }

    private static String stem(Path file) {
        String name = name(file);
        int dot = name.lastIndexOf('.');
        return dot > 0 ? name.substring(0, dot) : name;
    }

    /** {@code a.arrow} for {@code a.parquet}, and {@code imported-a.arrow} for {@code a.arrow}. */
    private static Path table(Path file) {
        String name = stem(file) + ".arrow";
        return file.resolveSibling(name.equals(name(file)) ? "imported-" + name : name);
    }

    /** {@code a.bin} for {@code a.bin.gz}, and {@code unpacked-a.bin} for {@code a.bin}. */
    private static Path unpacked(Path file) {
        String name = name(file);
        String extension = name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
        return file.resolveSibling(PACKED.contains(extension) ? stem(file) : "unpacked-" + name);
    }

    private static String name(Path file) {
        return file.getFileName().toString();
    }
}

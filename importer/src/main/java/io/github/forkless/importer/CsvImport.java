package io.github.forkless.importer;

import io.github.forkless.common.dataset.DatasetException;
import io.github.forkless.common.dataset.DatasetFile;
import io.github.forkless.common.dataset.ElementType;
import io.github.forkless.common.dataset.FileIdentity;
import io.github.forkless.common.dataset.UnknownTypeException;
import io.github.forkless.common.dataset.arrow.ArrowOutput;
import io.github.forkless.common.dataset.arrow.ArrowWriter;
import io.github.forkless.common.text.Printable;
import io.github.forkless.common.text.Text;
import io.github.forkless.importer.CsvRows.MalformedException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Makes a table of a CSV file. Two passes: a sample says what the columns are, then all rows are read. A value that is none of its
 * column's type ends it. Memory is bounded by a batch, the dictionaries and the longest row.
 */
final class CsvImport implements Importer {
    private static final int SAMPLE_BYTES = 16 << 20;
    private static final int SAMPLE_ROWS = 1 << 16;
    private static final int HEAD_BYTES = 64 << 10;
    /** So much is read before it is told how much that is, and whether dictionaries are too large. */
    private static final int TOLD_BYTES = 1 << 20;

    private static final int LONGEST_SHOWN = 60;

    /** With more texts, numbers for them gain little. */
    private static final int MOST_TEXTS = 1 << 16;

    private static final byte[] DELIMITERS = {',', ';', '\t', '|'};

    private final Path source;
    private final CsvOptions options;
    private final Listener listener;
    private final FileIdentity identity;
    private final CsvValue value = new CsvValue();
    private final List<CsvColumn> columns = new ArrayList<>();
    private boolean hasHeader;
    private byte delimiter;
    private long rows;

    /**
     * Looks at the file, and finds what its columns are.
     *
     * @throws DatasetException if it cannot be read, or is no CSV
     * @throws ImportRequestException if a column is named that is not there
     */
    CsvImport(Path source, CsvOptions options, Listener listener) {
        this.source = source;
        this.options = options;
        this.listener = listener;
        identity = open(source).identity();
        try {
            sample();
        } catch (IOException e) {
            throw DatasetException.unreadable(source, e);
        }
    }

    private static DatasetFile open(Path source) {
        DatasetFile file;
        try {
            file = DatasetFile.open(source, Optional.empty());
        } catch (UnknownTypeException e) {
            return DatasetFile.open(source, Optional.of(ElementType.TEXT));
        }
        if (!file.type().isText()) {
            throw new DatasetException(
                    source, "it is no text, but " + file.layout().label() + ", and read as it is: it needs no import");
        }
        return file;
    }

    @Override
    public void writeTo(FileChannel out) throws IOException {
        while (!copy(out)) {
            out.position(0).truncate(0);
            columns.forEach(CsvColumn::begin);
        }
    }

    @Override
    public String summary() {
        return rows + " rows: " + String.join(", ", columns());
    }

    long rows() {
        return rows;
    }

    /** Each column and its type, as a program would name them. */
    List<String> columns() {
        return columns.stream()
                .map(column ->
                        Printable.line(column.name()) + " " + column.type().label())
                .toList();
    }

    private void sample() throws IOException {
        try (FileChannel in = FileChannel.open(source, StandardOpenOption.READ)) {
            byte[] head = new byte[(int) Math.min(HEAD_BYTES, in.size())];
            ByteBuffer buffer = ByteBuffer.wrap(head);
            while (buffer.hasRemaining() && in.read(buffer, buffer.position()) >= 0) {}
            requireUtf8(head);
            delimiter = options.delimiter().orElseGet(() -> delimiterOf(head, options.quote()));
            CsvRows all = new CsvRows(in, delimiter, options.quote());
            if (!next(all)) {
                throw new DatasetException(source, "it is empty, and a table needs columns");
            }
            hasHeader = options.hasHeader().orElseGet(() -> looksLikeHeader(all));
            nameColumns(all);
            if (columns.size() == 1) {
                all.keepEmptyLines();
            }
            boolean isThere = !hasHeader || next(all);
            for (int i = 0; isThere && i < SAMPLE_ROWS && all.position() < SAMPLE_BYTES; i++) {
                for (int field = 0; field < columns.size(); field++) {
                    columns.get(field).sample(all.bytes(), all.from(field), all.to(field), all.isQuoted(field));
                }
                isThere = next(all);
            }
        }
        for (String name : options.types().keySet()) {
            if (columns.stream().noneMatch(column -> column.name().equals(name))) {
                throw new ImportRequestException(source + " has no column " + name + "; there are "
                        + String.join(
                                ", ", columns.stream().map(CsvColumn::name).toList()));
            }
        }
        columns.forEach(column -> column.decide(options.types().get(column.name())));
    }

    private void requireUtf8(byte[] head) {
        if (head.length >= 2 && (head[0] == -1 && head[1] == -2 || head[0] == -2 && head[1] == -1)) {
            throw new DatasetException(source, "its text is UTF-16; " + convert("UTF-16"));
        }
    }

    private String convert(String from) {
        String file = Printable.line(source.toString());
        return "write it as UTF-8: iconv -f " + from + " -t UTF-8 '" + file + "' > utf8.csv";
    }

    /** The one that there is most often outside quotes, in the first line. */
    private static byte delimiterOf(byte[] head, byte quote) {
        int[] counts = new int[DELIMITERS.length];
        boolean isQuoted = false;
        for (byte b : head) {
            isQuoted ^= b == quote && quote != 0;
            if (b == '\n' && !isQuoted) {
                break;
            }
            for (int i = 0; i < counts.length && !isQuoted; i++) {
                counts[i] += b == DELIMITERS[i] ? 1 : 0;
            }
        }
        int most = 0;
        for (int i = 1; i < counts.length; i++) {
            most = counts[i] > counts[most] ? i : most;
        }
        return DELIMITERS[most];
    }

    private boolean looksLikeHeader(CsvRows first) {
        for (int i = 0; i < first.fields(); i++) {
            if (CsvColumn.isValue(first.bytes(), first.from(i), first.to(i), value)) {
                return false;
            }
        }
        return true;
    }

    private void nameColumns(CsvRows first) {
        Set<String> names = new HashSet<>();
        for (int i = 0; i < first.fields(); i++) {
            String name = hasHeader ? string(first.bytes(), first.from(i), first.to(i)) : "column" + i;
            if (!CsvValue.isUtf8(first.bytes(), first.from(i), first.to(i))) {
                throw new DatasetException(source, "its header is not UTF-8; " + convert("WINDOWS-1252"));
            }
            if (!names.add(name)) {
                throw new DatasetException(
                        source, "two of its columns are called " + name + "; rename one, or give --header no");
            }
            columns.add(new CsvColumn(name, options.nullText().getBytes(StandardCharsets.UTF_8), value));
        }
    }

    /** The next row, which has as many fields as there are columns. */
    private boolean next(CsvRows all) {
        boolean isThere;
        try {
            isThere = all.next();
        } catch (MalformedException e) {
            throw new DatasetException(source, Text.format("row at line %d: %s", all.line(), e.getMessage()));
        } catch (IOException e) {
            throw DatasetException.unreadable(source, e);
        }
        if (isThere && !columns.isEmpty() && all.fields() != columns.size()) {
            throw new DatasetException(
                    source,
                    Text.format(
                            "line %d has %d fields, and the first has %d; mend it, or give another --delimiter or"
                                    + " --quote (%s separates fields)",
                            all.line(),
                            all.fields(),
                            columns.size(),
                            delimiter == '\t' ? "a tab" : "'" + (char) delimiter + "'"));
        }
        return isThere;
    }

    /** False if it has to be done again, as a dictionary has become too large. */
    private boolean copy(FileChannel out) throws IOException {
        List<ArrowOutput> outputs = columns.stream().map(CsvColumn::output).toList();
        var writer = new ArrowWriter(out, outputs);
        try (FileChannel in = FileChannel.open(source, StandardOpenOption.READ)) {
            long size = in.size();
            long told = 0;
            CsvRows all = new CsvRows(in, delimiter, options.quote());
            if (columns.size() == 1) {
                all.keepEmptyLines();
            }
            boolean isThere = next(all) && (!hasHeader || next(all));
            for (; isThere; isThere = next(all)) {
                for (int i = 0; i < outputs.size(); i++) {
                    if (!columns.get(i).put(all.bytes(), all.from(i), all.to(i), all.isQuoted(i))) {
                        throw misfit(all, i);
                    }
                }
                writer.endRow();
                if (all.position() - told >= TOLD_BYTES) {
                    told = all.position();
                    listener.read(told, size);
                    if (hasTooManyTexts()) {
                        return false;
                    }
                }
            }
        }
        writer.finish();
        rows = writer.rows();
        Optional<String> change = identity.changeTo(FileIdentity.of(source));
        if (change.isPresent()) {
            throw new DatasetException(
                    source, change.get() + " while it was read; do it again when nothing writes to it");
        }
        return true;
    }

    private boolean hasTooManyTexts() {
        boolean isOver = false;
        for (CsvColumn column : columns) {
            if (!column.isGiven() && column.output().texts() > MOST_TEXTS) {
                column.giveUpDictionary();
                isOver = true;
            }
        }
        return isOver;
    }

    private DatasetException misfit(CsvRows all, int field) {
        CsvColumn column = columns.get(field);
        String text = string(all.bytes(), all.from(field), all.to(field));
        String where = Text.format(
                "row %d (line %d), column %s: ", all.row() - (hasHeader ? 1 : 0), all.line(), column.name());
        if (column.type().isText()) {
            return new DatasetException(source, where + "it is not UTF-8; " + convert("WINDOWS-1252"));
        }
        return new DatasetException(
                source,
                Text.format(
                        "%s'%s' is no %s%s; mend it, give --null '%s' if it stands for no value, or --as %s=TYPE"
                                + " with one of: %s",
                        where,
                        text.length() > LONGEST_SHOWN ? text.substring(0, LONGEST_SHOWN) + "..." : text,
                        column.type().label(),
                        column.isGiven() ? "" : ", as the values before are",
                        text.length() > LONGEST_SHOWN ? "TEXT" : text,
                        column.name(),
                        CsvType.labels()));
    }

    static String string(byte[] text, int from, int to) {
        return new String(text, from, to - from, StandardCharsets.UTF_8);
    }
}

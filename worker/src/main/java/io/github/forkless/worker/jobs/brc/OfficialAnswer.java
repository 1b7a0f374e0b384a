package io.github.forkless.worker.jobs.brc;

import io.github.forkless.common.wire.ByteWriter;
import io.github.forkless.worker.jobs.texts.SortedTexts;
import io.github.forkless.worker.jobs.texts.StringOrder;
import io.github.forkless.worker.jobs.texts.TextRuns;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** The challenge's official form, sorted as Java sorts strings: {@code {Abha=-23.0/18.0/59.2, ...}}. */
final class OfficialAnswer {
    private OfficialAnswer() {}

    static String of(SortedTexts names) {
        SortedTexts readable = readable(names);
        var out = new ByteWriter();
        out.putByte('{');
        var figures = new StationFigures();
        SortedTexts.Cursor name = readable.read(figures);
        for (int start : StringOrder.of(name)) {
            name.moveTo(start);
            if (out.size() > 1) {
                out.putByte(',');
                out.putByte(' ');
            }
            out.putRaw(name.array(), name.from(), name.length());
            append(figures.read(name.figures()), out);
        }
        out.putByte('}');
        return new String(out.array(), 0, out.size(), StandardCharsets.UTF_8);
    }

    /** {@code =-23.0/18.0/59.2}, with the mean rounded half up, towards positive infinity, from the exact sum. */
    private static void append(long[] figures, ByteWriter out) {
        long count = StationFigures.countOf(figures[0]);
        out.putByte('=');
        appendTenths(StationFigures.minOf(figures[0]), out);
        out.putByte('/');
        appendTenths(Math.floorDiv(2 * StationFigures.sumOf(figures[1]) + count, 2 * count), out);
        out.putByte('/');
        appendTenths(StationFigures.maxOf(figures[0]), out);
    }

    private static void appendTenths(long value, ByteWriter out) {
        int absolute = (int) Math.abs(value);
        if (value < 0) {
            out.putByte('-');
        }
        if (absolute >= 100) {
            out.putByte('0' + absolute / 100);
        }
        out.putByte('0' + absolute / 10 % 10);
        out.putByte('.');
        out.putByte('0' + absolute % 10);
    }

    /** Names that are not UTF-8 as they will be read: some may read alike. */
    private static SortedTexts readable(SortedTexts names) {
        var figures = new StationFigures();
        SortedTexts.Cursor name = names.read(figures);
        boolean areReadable = true;
        while (areReadable && name.next()) {
            areReadable = isAscii(name) || Arrays.equals(read(name), text(name));
        }
        if (areReadable) {
            return names;
        }
        var readable = new TextRuns(figures);
        SortedTexts.Cursor each = names.read(figures);
        while (each.next()) {
            readable.add(SortedTexts.of(read(each), figures.read(each.figures())));
        }
        return readable.merged();
    }

    private static boolean isAscii(SortedTexts.Cursor name) {
        for (int i = 0; i < name.length(); i++) {
            if (name.array()[name.from() + i] < 0) {
                return false;
            }
        }
        return true;
    }

    private static byte[] text(SortedTexts.Cursor name) {
        return Arrays.copyOfRange(name.array(), name.from(), name.from() + name.length());
    }

    private static byte[] read(SortedTexts.Cursor name) {
        return new String(name.array(), name.from(), name.length(), StandardCharsets.UTF_8)
                .getBytes(StandardCharsets.UTF_8);
    }
}

package io.github.forkless.coordinator.journal;

import io.github.forkless.common.dataset.Slice;
import io.github.forkless.common.wire.ByteReader;
import io.github.forkless.common.wire.ByteWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * What stands in a journal, one record behind another; both ends of the encoding are in this file. Integers are
 * little-endian.
 *
 * <p>The file begins with
 *
 * <pre>
 *   0               4       5               8
 *   +---------------+-------+---------------+
 *   | magic "FKLJ"  | ver   | zeros         |  records ...
 *   +---------------+-------+---------------+
 * </pre>
 *
 * and a record is
 *
 * <pre>
 *   0               4       5               8              12              16
 *   +---------------+-------+---------------+---------------+---------------+
 *   | magic "FKLR"  | type  | zeros         | run           | length        |
 *   +---------------+-------+---------------+---------------+---------------+
 *  16              20              24                              32
 *   +---------------+---------------+-------------------------------+
 *   | first set     | end set       | slice from                    |
 *   +---------------+---------------+-------------------------------+
 *  32                              40                              48
 *   +-------------------------------+-------------------------------+
 *   | slice to                      | forced to                     |
 *   +---------------+---------------+-------------------------------+
 *  48              52              56
 *   +---------------+---------------+
 *   | payload CRC   | header CRC    |  payload ...
 *   +---------------+---------------+
 * </pre>
 *
 * Both checksums are CRC-32C; that of the header is over its first 52 bytes. Everything before the offset <i>forced
 * to</i> was on disk when the record was written. So a record that is not whole is the end of a run that was stopped if
 * no later record says that it was on disk; if one does, the file was damaged afterwards.
 */
sealed interface JournalRecord {

    /** Numbers the runs of a journal, from 0. */
    int run();

    /** A run begins: whose pieces are those of this number. */
    record Begin(int run, List<Trait> identity) implements JournalRecord {}

    /** A piece of a run is finished. */
    record Done(int run, Piece piece) implements JournalRecord {}

    byte[] FILE_HEADER = {'F', 'K', 'L', 'J', 1, 0, 0, 0};
    int VERSION_OFFSET = 4;

    int MAGIC = 0x524c4b46; // "FKLR" as it stands in the file
    int HEADER_BYTES = 56;
    int PAYLOAD_CRC_OFFSET = 48;
    int HEADER_CRC_OFFSET = 52;

    // The type byte. Files depend on these numbers.
    int BEGIN = 1;
    int PARTIALS = 2;
    int RESULTS = 3;

    /** @param forcedTo see above */
    record Header(
            int type,
            int run,
            int length,
            int firstSet,
            int endSet,
            long from,
            long to,
            long forcedTo,
            int payloadCrc) {

        /** What {@code bytes} hold from {@code offset} on, if that is a header that nothing has happened to. */
        static Optional<Header> read(byte[] bytes, int offset) {
            var in = new ByteReader(bytes, offset, HEADER_BYTES);
            int crc = crc(bytes, offset, HEADER_CRC_OFFSET);
            if (in.getInt() != MAGIC
                    || new ByteReader(bytes, offset + HEADER_CRC_OFFSET, Integer.BYTES).getInt() != crc) {
                return Optional.empty();
            }
            int type = in.getInt();
            int run = in.getInt();
            int length = in.getInt();
            return Optional.of(new Header(
                    type,
                    run,
                    length,
                    in.getInt(),
                    in.getInt(),
                    in.getLong(),
                    in.getLong(),
                    in.getLong(),
                    in.getInt()));
        }

        /**
         * The record that this is the header of; empty if {@code payload} is not what was written.
         *
         * @throws io.github.forkless.common.wire.WireException for what only another version can have written
         */
        Optional<JournalRecord> with(byte[] payload) {
            if (crc(payload, 0, payload.length) != payloadCrc) {
                return Optional.empty();
            }
            var in = new ByteReader(payload);
            return Optional.of(
                    switch (type) {
                        case BEGIN -> new Begin(run, readIdentity(in));
                        case PARTIALS ->
                            new Done(run, new Piece.Partials(firstSet, endSet, new Slice(from, to), payload));
                        case RESULTS -> new Done(run, new Piece.Results(firstSet, endSet, payload));
                        default -> throw in.broken("is of record type " + type + ", which this version does not know");
                    });
        }
    }

    default byte[] payload() {
        return switch (this) {
            case Begin begin -> {
                var out = new ByteWriter();
                out.putVarint(begin.identity.size());
                for (Trait trait : begin.identity) {
                    out.putString(trait.name());
                    out.putString(trait.text());
                    out.putString(trait.sha256());
                }
                yield out.toByteArray();
            }
            case Done done -> done.piece.content();
        };
    }

    private static List<Trait> readIdentity(ByteReader in) {
        int count = in.getCount(3);
        List<Trait> identity = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            identity.add(new Trait(in.getString(), in.getString(), in.getString()));
        }
        in.expectEnd();
        return identity;
    }

    default byte[] header(byte[] payload, long forcedTo) {
        return switch (this) {
            case Begin _ -> header(BEGIN, 0, 0, 0, 0, payload, forcedTo);
            case Done(var _, Piece.Partials(int first, int end, Slice slice, var _)) ->
                header(PARTIALS, first, end, slice.from(), slice.to(), payload, forcedTo);
            case Done(var _, Piece.Results(int first, int end, var _)) ->
                header(RESULTS, first, end, 0, 0, payload, forcedTo);
        };
    }

    private byte[] header(int type, int firstSet, int endSet, long from, long to, byte[] payload, long forcedTo) {
        var out = new ByteWriter(HEADER_BYTES);
        out.putInt(MAGIC);
        out.putInt(type);
        out.putInt(run());
        out.putInt(payload.length);
        out.putInt(firstSet);
        out.putInt(endSet);
        out.putLong(from);
        out.putLong(to);
        out.putLong(forcedTo);
        out.putInt(crc(payload, 0, payload.length));
        out.putInt(crc(out.array(), 0, HEADER_CRC_OFFSET));
        return out.array();
    }

    private static int crc(byte[] bytes, int offset, int length) {
        var crc = new CRC32C();
        crc.update(bytes, offset, length);
        return (int) crc.getValue();
    }
}

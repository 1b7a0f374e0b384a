package io.github.forkless.common.dataset;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/**
 * What a zip archive has, and where: {@link java.util.zip.ZipFile} does not tell where. All numbers are little-endian.
 *
 * <pre>
 *   | header, name, more | data | ... | entry of the directory for each | zip64 end, locator | end |
 *
 *   end of the directory   | 0 PK\5\6 | 10 entries: 2 | 12 bytes: 4 | 16 where: 4 | 20 comment, at most 65535 bytes |
 *   zip64 locator          | 0 PK\6\7 | 8 where the zip64 end is: 8 | 16 |        right before the end
 *   zip64 end              | 0 PK\6\6 | 32 entries: 8 | 40 bytes: 8 | 48 where: 8 |
 *   entry                  | 0 PK\1\2 | 8 flags: 2 | 10 method: 2 | 20 packed: 4 | 24 size: 4 | 28 name: 2 | 30 more: 2 |
 *                          | 32 comment: 2 | 42 where its header is: 4 | 46 name, more, comment |
 *   header                 | 0 PK\3\4 | 26 name: 2 | 28 more: 2 | 30 name, more, data |
 *
 *   what is too large for 4 bytes is -1, and in the entry's more of kind 1: size, packed, where its header is, 8 bytes each
 * </pre>
 */
final class ZipDirectory {
    private static final int END = 0x06054b50;
    private static final int END_BYTES = 22;
    private static final int MOST_COMMENT = 0xffff;
    private static final int LOCATOR = 0x07064b50;
    private static final int LOCATOR_BYTES = 20;
    private static final int END64 = 0x06064b50;
    private static final int END64_BYTES = 56;
    private static final int ENTRY = 0x02014b50;
    private static final int ENTRY_BYTES = 46;
    private static final int HEADER = 0x04034b50;
    private static final int HEADER_BYTES = 30;
    private static final int ENCRYPTED = 1;
    private static final int IN_MORE = -1;

    /** Bytes of the largest directory that is read: of a million members. */
    private static final int MOST_BYTES = 64 << 20;

    private final FileChannel channel;
    private final long size;

    /**
     * One file in the archive.
     *
     * @param method 0 for what is stored as it is
     * @param packed bytes that it takes
     * @param header where in the archive its header is
     */
    record Member(String name, boolean isEncrypted, int method, long packed, long size, long header) {
        boolean isStored() {
            return method == 0 && !isEncrypted;
        }
    }

    /** What is wrong with an archive. */
    static final class BrokenException extends Exception {
        private static final long serialVersionUID = 1L;

        BrokenException(String message) {
            super(message);
        }
    }

    /** @param size of the archive */
    ZipDirectory(FileChannel channel, long size) {
        this.channel = channel;
        this.size = size;
    }

    /** All members, in the order of the directory. */
    List<Member> members() throws IOException, BrokenException {
        int tail = (int) Math.min(size, END_BYTES + MOST_COMMENT);
        ByteBuffer last = read(size - tail, tail);
        int at = tail - END_BYTES;
        while (at >= 0 && last.getInt(at) != END) {
            at--;
        }
        if (at < 0) {
            throw new BrokenException("it has no directory at its end, as a zip archive has");
        }
        long bytes = last.getInt(at + 12) & 0xffff_ffffL;
        long start = last.getInt(at + 16) & 0xffff_ffffL;
        long end = size - tail + at;
        OptionalLong end64 = end64(end);
        if (end64.isPresent()) {
            ByteBuffer large = read(end64.getAsLong(), END64_BYTES);
            if (large.getInt(0) != END64) {
                throw new BrokenException("its zip64 directory is not where it is said to be");
            }
            bytes = large.getLong(40);
            start = large.getLong(48);
        }
        if (bytes < 0 || bytes > MOST_BYTES) {
            throw new BrokenException(
                    "its directory is said to be of " + bytes + " bytes; at most " + MOST_BYTES + " are read");
        }
        return members(read(start, (int) bytes));
    }

    private OptionalLong end64(long end) throws IOException, BrokenException {
        if (end < LOCATOR_BYTES) {
            return OptionalLong.empty();
        }
        ByteBuffer locator = read(end - LOCATOR_BYTES, LOCATOR_BYTES);
        return locator.getInt(0) == LOCATOR ? OptionalLong.of(locator.getLong(8)) : OptionalLong.empty();
    }

    private static List<Member> members(ByteBuffer directory) throws BrokenException {
        List<Member> members = new ArrayList<>();
        while (directory.remaining() >= ENTRY_BYTES) {
            int at = directory.position();
            int name = directory.getShort(at + 28) & 0xffff;
            int more = directory.getShort(at + 30) & 0xffff;
            int comment = directory.getShort(at + 32) & 0xffff;
            if (directory.getInt(at) != ENTRY || ENTRY_BYTES + name + more + comment > directory.remaining()) {
                throw new BrokenException("its directory is broken at its byte " + at);
            }
            ByteBuffer large =
                    more(directory.slice(at + ENTRY_BYTES + name, more).order(ByteOrder.LITTLE_ENDIAN));
            long size = number(directory.getInt(at + 24), large);
            long packed = number(directory.getInt(at + 20), large);
            long header = number(directory.getInt(at + 42), large);
            byte[] bytes = new byte[name];
            directory.get(at + ENTRY_BYTES, bytes);
            members.add(new Member(
                    new String(bytes, StandardCharsets.UTF_8),
                    (directory.getShort(at + 8) & ENCRYPTED) != 0,
                    directory.getShort(at + 10) & 0xffff,
                    packed,
                    size,
                    header));
            directory.position(at + ENTRY_BYTES + name + more + comment);
        }
        return members;
    }

    /** The numbers of 8 bytes; none where there are none. */
    private static ByteBuffer more(ByteBuffer all) {
        while (all.remaining() >= 4) {
            int kind = all.getShort() & 0xffff;
            int length = Math.min(all.getShort() & 0xffff, all.remaining());
            if (kind == 1) {
                return all.slice(all.position(), length).order(ByteOrder.LITTLE_ENDIAN);
            }
            all.position(all.position() + length);
        }
        return all.limit(all.position());
    }

    private static long number(int small, ByteBuffer large) throws BrokenException {
        if (small != IN_MORE) {
            return small & 0xffff_ffffL;
        }
        if (large.remaining() < Long.BYTES) {
            throw new BrokenException("its directory does not say how large something is");
        }
        return large.getLong();
    }

    /** Where in the archive the data of a member begins. */
    long start(Member member) throws IOException, BrokenException {
        ByteBuffer header = read(member.header, HEADER_BYTES);
        long start = member.header + HEADER_BYTES + (header.getShort(26) & 0xffff) + (header.getShort(28) & 0xffff);
        if (header.getInt(0) != HEADER || member.size < 0 || start > size - member.size) {
            throw new BrokenException("its member " + member.name + " is not where its directory says it is");
        }
        return start;
    }

    private ByteBuffer read(long position, int length) throws IOException, BrokenException {
        if (position < 0 || length > size || position > size - length) {
            throw new BrokenException("truncated: it should have " + length + " bytes at byte " + position
                    + ", and has " + size + " in all");
        }
        ByteBuffer bytes = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
        while (bytes.hasRemaining()) {
            if (channel.read(bytes, position + bytes.position()) < 0) {
                throw new BrokenException("truncated while it was read");
            }
        }
        return bytes.flip();
    }
}

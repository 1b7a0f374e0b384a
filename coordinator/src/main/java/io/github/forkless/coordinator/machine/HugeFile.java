package io.github.forkless.coordinator.machine;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A file that is brought into huge pages. It is mapped here for that alone: what is in memory in huge pages then, every
 * process maps so. Its address is a multiple of 2 MiB, as the kernel wants it to be, and does not see to itself on every file
 * system.
 *
 * <p>For one thread.
 */
public final class HugeFile implements AutoCloseable {
    /**
     * What one call is for. Each that copies makes all processors hand in their lists of pages first: 2 GiB took 0.8 s so, and
     * 2.7 s by 2 MiB (medians of 5).
     */
    private static final long PIECE = 64 << 20;

    private static final Path MAPPINGS = Path.of("/proc/self/smaps");

    private final int descriptor;
    private final MemorySegment reserved;
    private final MemorySegment mapped;

    /**
     * @param bytes as long as it is, 1 or more
     * @throws SystemCallException when it cannot be opened or mapped, or the kernel has no huge pages
     */
    public HugeFile(Path file, long bytes) throws IOException {
        descriptor = SystemCalls.open(file);
        try {
            reserved = SystemCalls.reserve(bytes + HugePages.BYTES);
            mapped = reserved.asSlice(-reserved.address() & (HugePages.BYTES - 1), bytes);
            SystemCalls.map(descriptor, mapped);
            SystemCalls.adviseHugePages(mapped);
        } catch (IOException e) {
            SystemCalls.close(descriptor); // and what is reserved takes nothing
            throw e;
        }
    }

    /** How much of it is not in memory. Who may neither own nor write it is told that there is nothing. */
    public long missingBytes() throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment answers = arena.allocate(Math.ceilDiv(PIECE, SystemCalls.PAGE_BYTES));
            long resident = 0;
            for (long at = 0; at < mapped.byteSize(); at += PIECE) {
                resident += SystemCalls.countResident(piece(at, PIECE), answers);
            }
            return Math.max(0, mapped.byteSize() - resident * SystemCalls.PAGE_BYTES);
        }
    }

    /**
     * Reads in what is not in memory, as huge pages where the file system has such. A piece of which only some is in memory is
     * dropped first: from there the kernel would go on in small pages, and to the end of the file if it was the first.
     *
     * @throws SystemCallException when the kernel cannot do that, or the file cannot be read
     */
    public void readIn() throws IOException {
        dropWhatIsInPart();
        for (long at = 0; at < mapped.byteSize(); at += PIECE) {
            SystemCalls.readIn(piece(at, PIECE));
        }
    }

    private void dropWhatIsInPart() throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment answers = arena.allocate(Math.ceilDiv(HugePages.BYTES, SystemCalls.PAGE_BYTES));
            for (long at = 0; at < mapped.byteSize(); at += HugePages.BYTES) {
                MemorySegment piece = piece(at, HugePages.BYTES);
                long resident = SystemCalls.countResident(piece, answers);
                if (resident > 0 && resident < Math.ceilDiv(piece.byteSize(), SystemCalls.PAGE_BYTES)) {
                    SystemCalls.drop(descriptor, at, piece.byteSize());
                }
            }
        }
    }

    /**
     * Makes huge pages of what is in memory in small ones.
     *
     * @return why that was refused somewhere
     */
    public Optional<SystemCallException> collapse() throws IOException {
        return collapse(0, mapped.byteSize(), PIECE);
    }

    /** By pieces; where one is refused, its huge pages one by one, for the kernel stops at the first that it cannot make. */
    private Optional<SystemCallException> collapse(long from, long end, long pieceBytes) throws IOException {
        Optional<SystemCallException> refusal = Optional.empty();
        for (long at = from; at < end; at += pieceBytes) {
            try {
                SystemCalls.collapse(piece(at, pieceBytes));
            } catch (SystemCallException e) {
                Optional<SystemCallException> again = pieceBytes > HugePages.BYTES
                        ? collapse(at, Math.min(at + pieceBytes, end), HugePages.BYTES)
                        : Optional.of(e);
                refusal = again.isPresent() ? again : refusal;
            }
        }
        return refusal;
    }

    private MemorySegment piece(long at, long bytes) {
        return mapped.asSlice(at, Math.min(bytes, mapped.byteSize() - at));
    }

    /** How much of it this process has mapped with huge pages, by what the kernel says: all that it has read in so. */
    public long hugeBytes() throws IOException {
        String mappings = '\n' + Files.readString(MAPPINGS, StandardCharsets.ISO_8859_1);
        String start = '\n' + Long.toHexString(mapped.address()) + '-';
        return mappings.substring(mappings.indexOf(start) + start.length())
                .lines()
                .takeWhile(line -> !line.startsWith("VmFlags:"))
                .filter(line -> line.startsWith("FilePmdMapped:") || line.startsWith("ShmemPmdMapped:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) << 10)
                .sum();
    }

    @Override
    public void close() throws IOException {
        SystemCalls.unmap(reserved);
        SystemCalls.close(descriptor);
    }
}

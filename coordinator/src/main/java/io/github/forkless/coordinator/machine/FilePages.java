package io.github.forkless.coordinator.machine;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongToIntFunction;

/**
 * The pages of a file, and the memory nodes that they lie on. Only pages that are mapped can be asked about: those that are
 * in memory are touched for that, the others are left on the disk. Where only the file's owner may know which are in memory
 * (see mincore(2)), others find that all are, and bring in what they look at.
 *
 * <p>For one thread.
 */
public final class FilePages implements AutoCloseable {
    /** The node of a page that is not in memory. */
    public static final int NOWHERE = -1;

    /** Of larger files a page in so many is looked at. */
    private static final int MOST_SAMPLES = 32 << 10;

    /** Pages that are looked at in one call. */
    private static final int BATCH = 512;

    private static final long PAGE = SystemCalls.PAGE_BYTES;

    private final Arena arena = Arena.ofConfined();
    private final MemorySegment mapped;
    private final MemorySegment addresses = arena.allocate((long) BATCH * Long.BYTES, Long.BYTES);
    private final MemorySegment wanted = arena.allocate((long) BATCH * Integer.BYTES, Integer.BYTES);
    private final MemorySegment status = arena.allocate((long) BATCH * Integer.BYTES, Integer.BYTES);
    /** Keeps the compiler from removing the reads. */
    private byte touched;

    /** Whether this system has calls for that. */
    public static boolean canBePlaced() {
        return SystemCalls.areKnown();
    }

    /** @throws IOException when it cannot be opened or mapped */
    public FilePages(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            mapped = channel.map(MapMode.READ_ONLY, 0, channel.size(), arena);
        } catch (IOException | RuntimeException e) {
            arena.close();
            throw e;
        }
    }

    /** How many bytes of the file are in memory on each node; for large files an estimate from a sample. */
    public Map<Integer, Long> bytesByNode() throws IOException {
        long pages = Math.ceilDiv(mapped.byteSize(), PAGE);
        long stride = Math.max(1, Math.ceilDiv(pages, MOST_SAMPLES));
        int samples = (int) Math.ceilDiv(pages, stride);
        Map<Integer, Long> bytes = new TreeMap<>();
        for (int node : nodesAt(0, stride * PAGE, samples)) {
            if (node != NOWHERE) {
                bytes.merge(node, stride * PAGE, Long::sum);
            }
        }
        return bytes;
    }

    /** The node that most of some pages of a range lie on; {@link #NOWHERE} if most are not in memory. */
    public int homeOf(long from, long length, int samples) throws IOException {
        long step = Math.max(PAGE, length / samples / PAGE * PAGE);
        int[] nodes = nodesAt(from, step, (int) Math.min(samples, Math.ceilDiv(length, step)));
        Arrays.sort(nodes);
        int best = NOWHERE;
        int bestCount = 0;
        for (int i = 0, start = 0; i <= nodes.length; i++) {
            if (i == nodes.length || nodes[i] != nodes[start]) {
                if (i - start > bestCount) {
                    best = nodes[start];
                    bestCount = i - start;
                }
                start = i;
            }
        }
        return best;
    }

    private int[] nodesAt(long from, long step, int count) throws IOException {
        int[] nodes = new int[count];
        Arrays.fill(nodes, NOWHERE);
        int[] asked = new int[BATCH];
        int batch = 0;
        for (int i = 0; i < count; i++) {
            MemorySegment page = page(from + i * step);
            if (SystemCalls.isResident(page, status)) {
                touch(page);
                asked[batch] = i;
                addresses.setAtIndex(ValueLayout.JAVA_LONG, batch++, page.address());
            }
            if (batch == BATCH || i == count - 1 && batch > 0) {
                SystemCalls.findPages(addresses.asSlice(0, (long) batch * Long.BYTES), status);
                for (int k = 0; k < batch; k++) {
                    nodes[asked[k]] = Math.max(NOWHERE, status.getAtIndex(ValueLayout.JAVA_INT, k));
                }
                batch = 0;
            }
        }
        return nodes;
    }

    private MemorySegment page(long offset) {
        return mapped.asSlice(Math.min(offset, mapped.byteSize() - 1) / PAGE * PAGE, 1);
    }

    private void touch(MemorySegment page) {
        touched ^= page.get(ValueLayout.JAVA_BYTE, 0);
    }

    /**
     * Brings all of the file into memory, each piece of it on its node: pages that are not in memory are read in there,
     * others are moved. What another process has mapped, or the kernel is writing to the disk just now, cannot be moved.
     *
     * @param pieceBytes a whole number of pages
     * @param nodeOf for the number of each piece, from 0, its node
     * @return how many bytes could not be placed
     */
    public long place(long pieceBytes, LongToIntFunction nodeOf) throws IOException {
        long elsewhere = 0;
        for (long from = 0; from < mapped.byteSize(); from += pieceBytes) {
            int node = nodeOf.applyAsInt(from / pieceBytes);
            SystemCalls.preferNode(node);
            long end = Math.min(from + pieceBytes, mapped.byteSize());
            for (long at = from; at < end; at += BATCH * PAGE) {
                elsewhere += placeBatch(at, Math.min(at + BATCH * PAGE, end), node);
            }
        }
        return elsewhere;
    }

    private long placeBatch(long from, long end, int node) throws IOException {
        int pages = (int) Math.ceilDiv(end - from, PAGE);
        for (int i = 0; i < pages; i++) {
            MemorySegment page = page(from + i * PAGE);
            touch(page);
            addresses.setAtIndex(ValueLayout.JAVA_LONG, i, page.address());
            wanted.setAtIndex(ValueLayout.JAVA_INT, i, node);
        }
        MemorySegment these = addresses.asSlice(0, (long) pages * Long.BYTES);
        SystemCalls.movePages(these, wanted, status);
        SystemCalls.findPages(these, status);
        long elsewhere = 0;
        for (int i = 0; i < pages; i++) {
            elsewhere += status.getAtIndex(ValueLayout.JAVA_INT, i) == node ? 0 : PAGE;
        }
        return elsewhere;
    }

    @Override
    public void close() {
        arena.close();
    }
}

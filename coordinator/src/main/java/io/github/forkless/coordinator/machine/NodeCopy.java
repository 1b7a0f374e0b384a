package io.github.forkless.coordinator.machine;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A copy of a file in the memory of one node. It has no name: it is there as long as this process has it open or others
 * have it mapped, and gone with the last of them, however that ends.
 */
public final class NodeCopy implements AutoCloseable {
    private final int descriptor;
    private final int node;
    private final AtomicBoolean isClosed = new AtomicBoolean();

    private NodeCopy(int descriptor, int node) {
        this.descriptor = descriptor;
        this.node = node;
    }

    /**
     * Copies {@code file}, which is not empty. The calling thread's memory comes from {@code node} from then on.
     *
     * @throws IOException when it cannot be read, or there is no memory
     */
    public static NodeCopy of(Path file, int node) throws IOException {
        var copy = new NodeCopy(SystemCalls.createMemoryFile("forkless-copy-for-node-" + node), node);
        try (FileChannel from = FileChannel.open(file, StandardOpenOption.READ);
                FileChannel to = FileChannel.open(copy.path(), StandardOpenOption.READ, StandardOpenOption.WRITE);
                Arena arena = Arena.ofConfined()) {
            long size = from.size();
            MemorySegment source = from.map(MapMode.READ_ONLY, 0, size, arena);
            MemorySegment target = to.map(MapMode.READ_WRITE, 0, size, arena);
            HugePages.advise(target);
            SystemCalls.preferNode(node);
            for (long at = 0; at < size; at += HugePages.BYTES) {
                MemorySegment.copy(source, at, target, at, Math.min(HugePages.BYTES, size - at));
            }
            return copy;
        } catch (IOException | RuntimeException | Error e) {
            copy.close();
            throw e;
        }
    }

    public int node() {
        return node;
    }

    /** Where any process of this user finds it, while this one has it open. */
    public Path path() {
        return Path.of("/proc", Long.toString(ProcessHandle.current().pid()), "fd", Integer.toString(descriptor));
    }

    /** The second time does nothing: the number may be that of something else by then. */
    @Override
    public void close() {
        if (!isClosed.compareAndSet(false, true)) {
            return;
        }
        try {
            SystemCalls.close(descriptor);
        } catch (IOException e) {
            // There is nothing left to be done about it.
        }
    }
}

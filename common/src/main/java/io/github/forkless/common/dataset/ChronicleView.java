package io.github.forkless.common.dataset;

import java.lang.foreign.MemorySegment;
import net.openhft.chronicle.bytes.Bytes;
import net.openhft.chronicle.bytes.BytesIn;
import net.openhft.chronicle.bytes.BytesStore;
import net.openhft.posix.PosixAPI;

/**
 * The door to Chronicle Bytes for datasets. A class of its own, so that nothing of Chronicle is loaded before a job asks
 * for it: its static initializers take 20 to 30 ms, half as long as a worker takes to start.
 */
final class ChronicleView {
    static {
        Thread thread = Thread.currentThread();
        ClassLoader classPath = thread.getContextClassLoader();
        // Chronicle's service loaders go by the thread's loader; there is nothing on the class path for them.
        thread.setContextClassLoader(ClassLoader.getPlatformClassLoader());
        try {
            PosixAPI.useNoOpPosixApi(); // before any other of its classes is touched: 315 classes less
            Bytes.wrapForRead(new byte[0]);
        } finally {
            thread.setContextClassLoader(classPath);
        }
    }

    /** The bytes of a mapped segment, in place, to be read from the first on. To write to them would crash this JVM. */
    static BytesIn<?> of(MemorySegment segment) {
        return BytesStore.wrap(segment.address(), segment.byteSize()).bytesForRead();
    }

    /** The bytes of an array, in place. */
    static Bytes<?> of(byte[] bytes) {
        return Bytes.wrapForRead(bytes);
    }

    /** To be written to. */
    static Bytes<?> elastic(int bytes) {
        return Bytes.allocateElasticOnHeap(bytes);
    }

    private ChronicleView() {}
}

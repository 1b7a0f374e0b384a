package io.github.forkless.coordinator.info;

import io.github.forkless.common.text.Text;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.OptionalLong;

/**
 * How much of a file the kernel holds in memory, found with mincore(2) over a mapping that nobody touches.
 *
 * <p>It calls native code: without {@code --enable-native-access} the JVM warns on stderr.
 */
public final class PageCache {
    /** A whole number of pages of any size; a byte per page of it has to be held. */
    private static final long PIECE = 1L << 30;

    private PageCache() {}

    /**
     * Bytes of {@code file} that are in the page cache now. Brings in none itself.
     *
     * @return from 0 to the file's size, in whole pages but for the last; empty if the kernel does not tell, as it does
     *     only to those who own the file or may write it
     * @throws IOException if the file cannot be opened or mapped, or the kernel refuses
     */
    public static OptionalLong residentBytes(Path file) throws IOException {
        if (!mayAsk(file)) {
            return OptionalLong.empty();
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            long size = channel.size();
            long pages = 0;
            for (long start = 0; start < size; start += PIECE) {
                pages += residentPages(channel, start, Math.min(PIECE, size - start));
            }
            return OptionalLong.of(Math.min(size, pages * Native.PAGE_BYTES));
        }
    }

    /** To anyone else mincore answers that every page is resident, so as not to tell what others read. */
    private static boolean mayAsk(Path file) throws IOException {
        return Files.isWritable(file)
                || Files.getAttribute(file, "unix:uid").equals(Files.getAttribute(Path.of("/proc/self"), "unix:uid"));
    }

    private static long residentPages(FileChannel channel, long start, long length) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment mapped = channel.map(MapMode.READ_ONLY, start, length, arena);
            MemorySegment answers = arena.allocate(Math.ceilDiv(length, Native.PAGE_BYTES));
            Native.mincore(mapped, answers);
            long pages = 0;
            for (long i = 0; i < answers.byteSize(); i++) {
                // The other bits are reserved.
                pages += answers.get(ValueLayout.JAVA_BYTE, i) & 1;
            }
            return pages;
        }
    }

    @SuppressWarnings("restricted")
    private static final class Native {
        private static final Linker LINKER = Linker.nativeLinker();
        private static final StructLayout STATE = Linker.Option.captureStateLayout();
        private static final VarHandle ERRNO = STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));
        private static final MethodHandle MINCORE = LINKER.downcallHandle(
                LINKER.defaultLookup().findOrThrow("mincore"),
                FunctionDescriptor.of(
                        ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_LONG, ValueLayout.ADDRESS),
                Linker.Option.captureCallState("errno"));
        private static final long PAGE_BYTES = pageBytes();

        private static void mincore(MemorySegment mapped, MemorySegment answers) throws IOException {
            try (Arena arena = Arena.ofConfined()) {
                MemorySegment state = arena.allocate(STATE);
                if ((int) MINCORE.invokeExact(state, mapped, mapped.byteSize(), answers) != 0) {
                    throw new IOException(Text.format("mincore failed with errno %d", (int) ERRNO.get(state, 0L)));
                }
            } catch (IOException | RuntimeException | Error e) {
                throw e;
            } catch (Throwable e) {
                throw new AssertionError("a native call throws nothing checked", e);
            }
        }

        private static long pageBytes() {
            MethodHandle getpagesize = LINKER.downcallHandle(
                    LINKER.defaultLookup().findOrThrow("getpagesize"), FunctionDescriptor.of(ValueLayout.JAVA_INT));
            try {
                return (int) getpagesize.invokeExact();
            } catch (Throwable e) {
                throw new ExceptionInInitializerError(e);
            }
        }
    }
}

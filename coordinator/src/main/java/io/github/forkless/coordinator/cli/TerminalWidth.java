package io.github.forkless.coordinator.cli;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/** How wide a terminal is; it may change at any time. */
final class TerminalWidth {
    static final int DEFAULT = 80;

    /** TIOCGWINSZ of Linux: four shorts, rows and columns first. */
    private static final long GET_SIZE = 0x5413;

    private static final int COLUMNS_AT = 2;

    @SuppressWarnings("restricted") // the signature is the C library's
    private static final MethodHandle IOCTL = Linker.nativeLinker()
            .downcallHandle(
                    Linker.nativeLinker().defaultLookup().findOrThrow("ioctl"),
                    FunctionDescriptor.of(
                            ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG, ValueLayout.ADDRESS),
                    Linker.Option.firstVariadicArg(2));

    /** Of the terminal behind a file descriptor; 80 if it is not known. */
    static int columns(int fileDescriptor) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment size = arena.allocate(8);
            int failed = (int) IOCTL.invokeExact(fileDescriptor, GET_SIZE, size);
            int columns = Short.toUnsignedInt(size.get(ValueLayout.JAVA_SHORT, COLUMNS_AT));
            return failed != 0 || columns == 0 ? DEFAULT : columns;
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new AssertionError("a native call throws nothing checked", e);
        }
    }

    private TerminalWidth() {}
}

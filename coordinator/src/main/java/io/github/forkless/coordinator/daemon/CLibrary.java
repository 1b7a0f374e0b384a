package io.github.forkless.coordinator.daemon;

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
import java.nio.file.Path;
import java.util.OptionalInt;

/** What the JDK cannot do with file descriptors and processes, by the C library of Linux. */
@SuppressWarnings("restricted")
final class CLibrary {
    private static final int WRITE_ONLY = 1;
    private static final int NON_BLOCKING = 0x800;

    /** A terminal that is opened must not become that of this process: its Ctrl-C is for others. */
    private static final int NO_CONTROLLING_TERMINAL = 0x100;

    private static final int CLOSE_ON_EXEC = 0x80000;
    private static final int SET_FLAGS = 4;
    private static final int CONTINUE = 18;
    private static final int OWN_READ_AND_WRITE = 0600;

    /** ENXIO: a pipe has no reader. */
    private static final int NO_READER = 6;

    private static final StructLayout STATE = Linker.Option.captureStateLayout();
    private static final VarHandle ERRNO = STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));

    private static final FunctionDescriptor OF_NAME = FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS);
    private static final FunctionDescriptor OF_NAME_AND_INT =
            FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_INT);

    private static final MethodHandle OPEN = find("open", OF_NAME_AND_INT, Linker.Option.firstVariadicArg(2));
    private static final MethodHandle FCNTL = find(
            "fcntl",
            FunctionDescriptor.of(
                    ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT),
            Linker.Option.firstVariadicArg(2));
    private static final MethodHandle DUP2 =
            find("dup2", FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
    private static final MethodHandle CLOSE =
            find("close", FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
    private static final MethodHandle MKFIFO = find("mkfifo", OF_NAME_AND_INT);
    private static final MethodHandle CHDIR = find("chdir", OF_NAME);
    private static final MethodHandle KILL =
            find("kill", FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
    private static final MethodHandle SETSID = find("setsid", FunctionDescriptor.of(ValueLayout.JAVA_INT));

    /** For what the C library has no function for in all its versions. The numbers are those of all processors. */
    private static final MethodHandle SYSCALL = find(
            "syscall",
            FunctionDescriptor.of(
                    ValueLayout.JAVA_LONG,
                    ValueLayout.JAVA_LONG,
                    ValueLayout.JAVA_LONG,
                    ValueLayout.JAVA_LONG,
                    ValueLayout.JAVA_LONG),
            Linker.Option.firstVariadicArg(1));

    private static final long PIDFD_OPEN = 434;
    private static final long PIDFD_GETFD = 438;

    @FunctionalInterface
    private interface Call {
        int make(Arena arena, MemorySegment state) throws Throwable;
    }

    private static MethodHandle find(String name, FunctionDescriptor type, Linker.Option... options) {
        Linker linker = Linker.nativeLinker();
        Linker.Option[] all = new Linker.Option[options.length + 1];
        System.arraycopy(options, 0, all, 1, options.length);
        all[0] = Linker.Option.captureCallState("errno");
        return linker.downcallHandle(linker.defaultLookup().findOrThrow(name), type, all);
    }

    /** Opens a file, a pipe or a terminal to write to; empty for a pipe that nobody reads. */
    static OptionalInt openToWrite(Path file) throws IOException {
        int flags = WRITE_ONLY | NON_BLOCKING | NO_CONTROLLING_TERMINAL | CLOSE_ON_EXEC;
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(STATE);
            int opened =
                    result(arena, state, (a, s) -> (int) OPEN.invokeExact(s, a.allocateFrom(file.toString()), flags));
            if (opened < 0 && (int) ERRNO.get(state, 0L) == NO_READER) {
                return OptionalInt.empty();
            }
            checked(opened, "open " + file, state);
            call("fcntl", (_, s) -> (int) FCNTL.invokeExact(s, opened, SET_FLAGS, 0)); // from now on it blocks
            return OptionalInt.of(opened);
        }
    }

    /**
     * Has the descriptor {@code as} be what {@code descriptor} is in another process, from Linux 5.6 on.
     *
     * @throws IOException also where no process may do that to another one that it has not started, as with Yama
     */
    static void duplicateOf(long pid, int descriptor, int as) throws IOException {
        int process =
                call("pidfd_open", (_, state) -> (int) (long) SYSCALL.invokeExact(state, PIDFD_OPEN, pid, 0L, 0L));
        try {
            int taken = call("pidfd_getfd", (_, state) ->
                    (int) (long) SYSCALL.invokeExact(state, PIDFD_GETFD, (long) process, (long) descriptor, 0L));
            try {
                duplicate(taken, as);
            } finally {
                close(taken);
            }
        } finally {
            close(process);
        }
    }

    /** Has the descriptor {@code as} be what {@code descriptor} is. */
    static void duplicate(int descriptor, int as) throws IOException {
        call("dup2", (_, state) -> (int) DUP2.invokeExact(state, descriptor, as));
    }

    static void close(int descriptor) throws IOException {
        call("close", (_, state) -> (int) CLOSE.invokeExact(state, descriptor));
    }

    static void makePipe(Path name) throws IOException {
        call("mkfifo " + name, (arena, state) ->
                (int) MKFIFO.invokeExact(state, arena.allocateFrom(name.toString()), OWN_READ_AND_WRITE));
    }

    /** Of this process and all that it starts from now on. */
    static void changeFolder(Path folder) throws IOException {
        call("chdir " + folder, (arena, state) ->
                (int) CHDIR.invokeExact(state, arena.allocateFrom(folder.toString())));
    }

    /** Leaves the terminal and the shell's job that this process was started in. */
    static void leaveTerminal() throws IOException {
        call("setsid", (_, state) -> (int) SETSID.invokeExact(state));
    }

    /** Has a stopped process and all of its group go on. It may have ended. */
    static void goOn(long pid) {
        try (Arena arena = Arena.ofConfined()) {
            result(arena, arena.allocate(STATE), (_, state) -> (int) KILL.invokeExact(state, (int) -pid, CONTINUE));
        }
    }

    private static int call(String name, Call call) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(STATE);
            int result = result(arena, state, call);
            checked(result, name, state);
            return result;
        }
    }

    private static int result(Arena arena, MemorySegment state, Call call) {
        try {
            return call.make(arena, state);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new AssertionError("a native call throws nothing checked", e);
        }
    }

    private static void checked(int result, String call, MemorySegment state) throws IOException {
        if (result < 0) {
            throw new IOException(call + ": errno " + (int) ERRNO.get(state, 0L));
        }
    }

    private CLibrary() {}
}

package io.github.forkless.coordinator.machine;

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

/**
 * What of Linux no JDK class and no function of the C library gives: placing memory. All go through syscall(2), by their
 * numbers on x86-64 and AArch64.
 *
 * <p>It calls native code: without {@code --enable-native-access} the JVM warns on stderr.
 */
@SuppressWarnings("restricted")
final class SystemCalls {
    private static final String ARCHITECTURE = System.getProperty("os.arch");
    private static final boolean IS_X86 = ARCHITECTURE.equals("amd64");
    private static final long OPENAT = IS_X86 ? 257 : 56;
    private static final long MMAP = IS_X86 ? 9 : 222;
    private static final long MUNMAP = IS_X86 ? 11 : 215;
    private static final long MINCORE = IS_X86 ? 27 : 232;
    private static final long MADVISE = IS_X86 ? 28 : 233;
    private static final long MOVE_PAGES = IS_X86 ? 279 : 239;
    private static final long SET_MEMPOLICY = IS_X86 ? 238 : 237;
    private static final long MEMFD_CREATE = IS_X86 ? 319 : 279;
    private static final long FCNTL = IS_X86 ? 72 : 25;
    private static final long FADVISE64 = IS_X86 ? 221 : 223;
    private static final long RENAMEAT2 = IS_X86 ? 316 : 276;
    private static final long CLOSE = IS_X86 ? 3 : 57;

    private static final long MPOL_PREFERRED = 1;
    private static final long MPOL_MF_MOVE = 2;
    private static final long MFD_CLOEXEC = 1;
    private static final long AT_FDCWD = -100;
    private static final long O_RDONLY_CLOEXEC = 0x80000;
    private static final long F_SETSIG = 10;
    private static final long F_SETLEASE = 1024;
    private static final long F_RDLCK = 0;
    private static final long F_UNLCK = 2;
    private static final long SIGURG = 23;
    private static final int EAGAIN = 11;
    private static final long POSIX_FADV_DONTNEED = 4;
    private static final long RENAME_NOREPLACE = 1;
    private static final long PROT_NONE = 0;
    private static final long PROT_READ = 1;
    private static final long MAP_SHARED = 1;
    private static final long MAP_RESERVATION = 0x4022; // MAP_PRIVATE, MAP_ANONYMOUS, MAP_NORESERVE
    private static final long MAP_FIXED = 0x10;
    private static final long MADV_HUGEPAGE = 14;
    private static final long MADV_POPULATE_READ = 22;
    private static final long MADV_POPULATE_WRITE = 23;
    private static final long MADV_COLLAPSE = 25;

    /** More nodes than any kernel is built for. */
    private static final int NODE_BITS = 1024;

    private static final StructLayout STATE = Linker.Option.captureStateLayout();
    private static final VarHandle ERRNO = STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));
    private static final MethodHandle SYSCALL = Linker.nativeLinker()
            .downcallHandle(
                    Linker.nativeLinker().defaultLookup().findOrThrow("syscall"),
                    FunctionDescriptor.of(
                            ValueLayout.JAVA_LONG,
                            ValueLayout.JAVA_LONG,
                            ValueLayout.JAVA_LONG,
                            ValueLayout.JAVA_LONG,
                            ValueLayout.JAVA_LONG,
                            ValueLayout.JAVA_LONG,
                            ValueLayout.JAVA_LONG,
                            ValueLayout.JAVA_LONG),
                    Linker.Option.firstVariadicArg(1),
                    Linker.Option.captureCallState("errno"));

    static final int PAGE_BYTES = pageBytes();

    /** Whether the numbers above are those of this system. */
    static boolean areKnown() {
        return System.getProperty("os.name").equals("Linux") && (IS_X86 || ARCHITECTURE.equals("aarch64"));
    }

    private static int pageBytes() {
        MethodHandle getpagesize = Linker.nativeLinker()
                .downcallHandle(
                        Linker.nativeLinker().defaultLookup().findOrThrow("getpagesize"),
                        FunctionDescriptor.of(ValueLayout.JAVA_INT));
        try {
            return (int) getpagesize.invokeExact();
        } catch (Throwable e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private static long call(String name, long number, long a, long b, long c, long d, long e, long f)
            throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(STATE);
            long result = (long) SYSCALL.invokeExact(state, number, a, b, c, d, e, f);
            if (result < 0) {
                throw new SystemCallException(name, (int) ERRNO.get(state, 0L));
            }
            return result;
        } catch (IOException | RuntimeException | Error failure) {
            throw failure;
        } catch (Throwable failure) {
            throw new AssertionError("a native call throws nothing checked", failure);
        }
    }

    /** Has the memory that the calling thread is given from now on come from {@code node}, as long as that has any. */
    static void preferNode(int node) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment mask = arena.allocate(NODE_BITS / 8, Long.BYTES);
            long word = node / Long.SIZE * (long) Long.BYTES;
            mask.set(ValueLayout.JAVA_LONG, word, 1L << (node % Long.SIZE));
            call("set_mempolicy", SET_MEMPOLICY, MPOL_PREFERRED, mask.address(), NODE_BITS, 0, 0, 0);
        }
    }

    /**
     * Asks for each of these pages, which have to be mapped, on which node it lies.
     *
     * @param pages addresses, of 64 bits each
     * @param status room for 32 bits each: the node, or a negative error number
     */
    static void findPages(MemorySegment pages, MemorySegment status) throws IOException {
        call("move_pages", MOVE_PAGES, 0, pages.byteSize() / Long.BYTES, pages.address(), 0, status.address(), 0);
    }

    /** Moves pages that no other process has mapped; {@code nodes} says where to, 32 bits each. */
    static void movePages(MemorySegment pages, MemorySegment nodes, MemorySegment status) throws IOException {
        call(
                "move_pages",
                MOVE_PAGES,
                0,
                pages.byteSize() / Long.BYTES,
                pages.address(),
                nodes.address(),
                status.address(),
                MPOL_MF_MOVE);
    }

    /** Whether the first page of {@code mapped} is in memory. */
    static boolean isResident(MemorySegment mapped, MemorySegment answer) throws IOException {
        call("mincore", MINCORE, mapped.address(), 1, answer.address(), 0, 0, 0);
        return (answer.get(ValueLayout.JAVA_BYTE, 0) & 1) != 0; // the other bits are reserved
    }

    /**
     * How many of the pages of {@code mapped} are in memory.
     *
     * @param answers room for a byte for each
     */
    static long countResident(MemorySegment mapped, MemorySegment answers) throws IOException {
        call("mincore", MINCORE, mapped.address(), mapped.byteSize(), answers.address(), 0, 0, 0);
        long pages = Math.ceilDiv(mapped.byteSize(), PAGE_BYTES);
        long resident = 0;
        for (long i = 0; i < pages; i++) {
            resident += answers.get(ValueLayout.JAVA_BYTE, i) & 1;
        }
        return resident;
    }

    /** Opens a file to be read; returns its descriptor. */
    static int open(Path file) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            long path = arena.allocateFrom(file.toString()).address();
            return (int) call("openat", OPENAT, AT_FDCWD, path, O_RDONLY_CLOEXEC, 0, 0, 0);
        }
    }

    /**
     * Whether no process has the file open for writing or mapped so that it can store into it. Only its owner may ask.
     *
     * @param descriptor opened to be read
     */
    static boolean isOpenForReadingOnly(int descriptor) throws IOException {
        // The kernel tells who has a lease of whoever opens the file: by SIGIO, which would end the JVM, if not by
        // another.
        call("fcntl(F_SETSIG)", FCNTL, descriptor, F_SETSIG, SIGURG, 0, 0, 0);
        try {
            call("fcntl(F_SETLEASE)", FCNTL, descriptor, F_SETLEASE, F_RDLCK, 0, 0, 0);
        } catch (SystemCallException e) {
            if (e.errno() == EAGAIN) {
                return false;
            }
            throw e;
        }
        call("fcntl(F_SETLEASE)", FCNTL, descriptor, F_SETLEASE, F_UNLCK, 0, 0, 0);
        return true;
    }

    /** Renames a file unless there is one of that name. */
    static void rename(Path from, Path to) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            long source = arena.allocateFrom(from.toString()).address();
            long target = arena.allocateFrom(to.toString()).address();
            call("renameat2", RENAMEAT2, AT_FDCWD, source, AT_FDCWD, target, RENAME_NOREPLACE, 0);
        }
    }

    /** Addresses that nothing else is mapped at. */
    static MemorySegment reserve(long bytes) throws IOException {
        long address = call("mmap", MMAP, 0, bytes, PROT_NONE, MAP_RESERVATION, -1, 0);
        return MemorySegment.ofAddress(address).reinterpret(bytes);
    }

    /** Maps a file from its start, shared and to be read, in place of {@code reserved}. */
    static void map(int descriptor, MemorySegment reserved) throws IOException {
        long flags = MAP_SHARED | MAP_FIXED;
        call("mmap", MMAP, reserved.address(), reserved.byteSize(), PROT_READ, flags, descriptor, 0);
    }

    static void unmap(MemorySegment mapped) throws IOException {
        call("munmap", MUNMAP, mapped.address(), mapped.byteSize(), 0, 0, 0, 0);
    }

    /** Drops whole pages of a file from memory that are on its disk, and that nobody has mapped. */
    static void drop(int descriptor, long offset, long bytes) throws IOException {
        call("fadvise64", FADVISE64, descriptor, offset, bytes, POSIX_FADV_DONTNEED, 0, 0);
    }

    static void adviseHugePages(MemorySegment mapped) throws IOException {
        call("madvise", MADVISE, mapped.address(), mapped.byteSize(), MADV_HUGEPAGE, 0, 0, 0);
    }

    /** Brings in all pages as if they were stored into; fails where there is no room for them. */
    static void populate(MemorySegment mapped) throws IOException {
        call("madvise", MADVISE, mapped.address(), mapped.byteSize(), MADV_POPULATE_WRITE, 0, 0, 0);
    }

    /** Brings in all pages as if they were read, from Linux 5.14 on. */
    static void readIn(MemorySegment mapped) throws IOException {
        call("madvise(MADV_POPULATE_READ)", MADVISE, mapped.address(), mapped.byteSize(), MADV_POPULATE_READ, 0, 0, 0);
    }

    /** Has what is in memory copied into huge pages, from Linux 6.1 on; every process that maps the file has these then. */
    static void collapse(MemorySegment mapped) throws IOException {
        call("madvise(MADV_COLLAPSE)", MADVISE, mapped.address(), mapped.byteSize(), MADV_COLLAPSE, 0, 0, 0);
    }

    /** A file in memory, without a name, which is gone when nobody has it open or mapped; returns its descriptor. */
    static int createMemoryFile(String label) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            return (int)
                    call("memfd_create", MEMFD_CREATE, arena.allocateFrom(label).address(), MFD_CLOEXEC, 0, 0, 0, 0);
        }
    }

    static void close(int descriptor) throws IOException {
        call("close", CLOSE, descriptor, 0, 0, 0, 0, 0);
    }

    private SystemCalls() {}
}

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Arrays;

/**
 * Runs a command for which system calls fail with EPERM, as those that place memory do in a container under docker's seccomp
 * profile: {@code Refusing 279,238 COMMAND...}, with their numbers on x86-64.
 */
public final class Refusing {
    private static final int PR_SET_SECCOMP = 22;
    private static final int PR_SET_NO_NEW_PRIVS = 38;
    private static final long SECCOMP_MODE_FILTER = 2;
    private static final short LOAD_WORD = 0x20;
    private static final short JUMP_IF_EQUAL = 0x15;
    private static final short RETURN = 0x06;
    private static final int ALLOW = 0x7fff_0000;
    private static final int EPERM = 0x0005_0001;

    public static void main(String[] args) throws Throwable {
        int[] calls = Arrays.stream(args[0].split(",")).mapToInt(Integer::parseInt).toArray();
        MethodHandle prctl = Linker.nativeLinker()
                .downcallHandle(
                        Linker.nativeLinker().defaultLookup().findOrThrow("prctl"),
                        FunctionDescriptor.of(
                                ValueLayout.JAVA_INT,
                                ValueLayout.JAVA_INT,
                                ValueLayout.JAVA_LONG,
                                ValueLayout.JAVA_LONG,
                                ValueLayout.JAVA_LONG,
                                ValueLayout.JAVA_LONG),
                        Linker.Option.firstVariadicArg(1));
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment program = program(arena, calls);
            MemorySegment header = arena.allocate(16, 8); // struct sock_fprog: how many instructions, where
            header.set(ValueLayout.JAVA_SHORT, 0, (short) (program.byteSize() / 8));
            header.set(ValueLayout.JAVA_LONG, 8, program.address());
            if ((int) prctl.invokeExact(PR_SET_NO_NEW_PRIVS, 1L, 0L, 0L, 0L) != 0
                    || (int) prctl.invokeExact(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, header.address(), 0L, 0L) != 0) {
                throw new IllegalStateException("the kernel takes no seccomp filter");
            }
        }
        // This thread's filter is that of the process that it starts.
        Process process = new ProcessBuilder(Arrays.copyOfRange(args, 1, args.length)).inheritIO().start();
        System.exit(process.waitFor());
    }

    /** The number of the call is compared with each; there are 8 bytes to an instruction. */
    private static MemorySegment program(Arena arena, int[] calls) {
        MemorySegment program = arena.allocate(8L * (calls.length + 3), 8);
        instruction(program, 0, LOAD_WORD, 0, 0);
        for (int i = 0; i < calls.length; i++) {
            instruction(program, i + 1, JUMP_IF_EQUAL, calls.length - i, calls[i]);
        }
        instruction(program, calls.length + 1, RETURN, 0, ALLOW);
        instruction(program, calls.length + 2, RETURN, 0, EPERM);
        return program;
    }

    private static void instruction(MemorySegment program, int index, short code, int jumpIfTrue, int value) {
        program.set(ValueLayout.JAVA_SHORT, 8L * index, code);
        program.set(ValueLayout.JAVA_BYTE, 8L * index + 2, (byte) jumpIfTrue);
        program.set(ValueLayout.JAVA_INT, 8L * index + 4, value);
    }
}

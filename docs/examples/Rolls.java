import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.github.forkless.coordinator.PoolOptions;
import io.github.forkless.coordinator.WorkerPool;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.invoke.MethodHandle;
import java.util.List;

/**
 * Throws dice with the C library's drand48, which has one hidden state in each process. Threads would take numbers from each
 * other; each worker has its own.
 */
public class Rolls {
    private static final MethodHandle SEED = find("srand48", FunctionDescriptor.ofVoid(JAVA_LONG));
    private static final MethodHandle NEXT = find("drand48", FunctionDescriptor.of(JAVA_DOUBLE));

    private static MethodHandle find(String name, FunctionDescriptor type) {
        Linker linker = Linker.nativeLinker();
        return linker.downcallHandle(linker.defaultLookup().findOrThrow(name), type);
    }

    public static void main(String[] args) {
        List<Integer> seeds = List.of(1, 2, 3, 4);
        var options = PoolOptions.defaults().withProcs(2).withJvmOptions("--enable-native-access=ALL-UNNAMED");
        try (var pool = WorkerPool.open(options)) {
            System.out.println(pool.map(seeds, seed -> sixes(seed, 1_000_000)));
        }
    }

    static long sixes(int seed, int rolls) {
        try {
            SEED.invokeExact((long) seed);
            long sixes = 0;
            for (int i = 0; i < rolls; i++) {
                sixes += (int) (6 * (double) NEXT.invokeExact()) == 5 ? 1 : 0;
            }
            return sixes;
        } catch (Throwable e) { // which neither of them throws
            throw new AssertionError(e);
        }
    }
}

package io.github.forkless.coordinator;

import io.github.forkless.testing.Patience;
import java.time.Duration;
import java.util.List;

/** Process 1 of a pid namespace: opens and closes pools, and prints which children it has left when all had time to end. */
final class FirstProcess {
    public static void main(String[] arguments) throws Exception {
        if (ProcessHandle.current().pid() != 1) {
            throw new IllegalStateException(
                    "this is process " + ProcessHandle.current().pid());
        }
        for (int i = 0; i < 3; i++) {
            try (var pool = WorkerPool.open(PoolOptions.defaults().withProcs(1))) {
                pool.map(List.of(1, 2), n -> n + 1);
            }
        }
        Patience.awaits(Duration.ofSeconds(2), () -> children().isEmpty());
        System.out.println(children());
    }

    /** Zombies are among them. */
    private static List<Long> children() {
        return ProcessHandle.current().children().map(ProcessHandle::pid).toList();
    }

    private FirstProcess() {}
}

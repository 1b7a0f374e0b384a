import io.github.forkless.common.shared.Ints;
import io.github.forkless.coordinator.PoolOptions;
import io.github.forkless.coordinator.WorkerPool;
import java.util.List;
import java.util.stream.IntStream;

public class Article {
    public static void main(String[] args) {
        for (int procs : List.of(1, 2)) {
            try (var pool = WorkerPool.open(PoolOptions.defaults().withProcs(procs));
                    var numbers = pool.share(Ints.of(128 << 20, i -> (int) (i * 31)))) {
                long start = System.nanoTime();
                var sums = pool.map(IntStream.range(0, 100).boxed().toList(), job -> sum(numbers.get(), job));
                System.out.printf("%d: %.2f s, %d%n", procs, (System.nanoTime() - start) / 1e9, sums.get(99));
            }
        }
    }

    static long sum(Ints numbers, int job) {
        long sum = 0;
        for (long i = 0; i < numbers.count(); i++) sum += numbers.at(i) ^ job;
        return sum;
    }
}

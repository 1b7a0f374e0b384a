import io.github.forkless.common.dataset.Block;
import io.github.forkless.common.job.Job;

/** Counts primes by dividing each number by all that could be a factor of it: work that takes its time. */
public record Primes() implements Job<Long, Long> {

    @Override
    public Long start() {
        return 0L;
    }

    @Override
    public Long accept(Long count, Block block) {
        long primes = 0;
        for (long i = 0; i < block.count(); i++) {
            primes += isPrime(block.intAt(i)) ? 1 : 0;
        }
        return count + primes;
    }

    private static boolean isPrime(int number) {
        for (int factor = 2; factor <= number / factor; factor++) {
            if (number % factor == 0) {
                return false;
            }
        }
        return number > 1;
    }

    @Override
    public Long merge(Long left, Long right) {
        return left + right;
    }

    @Override
    public Long finish(Long count) {
        return count;
    }
}

import io.github.forkless.common.dataset.Block;
import io.github.forkless.coordinator.PoolOptions;
import io.github.forkless.coordinator.WorkerPool;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** The crossover backtest as a program: the function that runs in the workers stands where its data is. */
public class Backtest {
    record Windows(int fast, int slow) {}

    record Outcome(Windows windows, int trades, double profit) {}

    public static void main(String[] args) {
        Path prices = Path.of(args[0]);
        double fee = 0.001;

        List<Windows> sweep = new ArrayList<>();
        for (int fast = 5; fast <= 50; fast += 5) {
            for (int slow : new int[] {20, 50, 100}) {
                sweep.add(new Windows(fast, slow));
            }
        }
        try (var pool = WorkerPool.open(prices, PoolOptions.defaults())) {
            pool.map(sweep, (data, windows) -> backtest(data, windows, fee)).stream()
                    .sorted(Comparator.comparingDouble(Outcome::profit).reversed())
                    .limit(3)
                    .forEach(best -> System.out.println(best));
        }
    }

    static Outcome backtest(Block prices, Windows windows, double fee) {
        double money = 1;
        int trades = 0;
        boolean isHolding = false;
        double fastSum = 0;
        double slowSum = 0;
        for (long i = 0; i < prices.count(); i++) {
            double price = prices.doubleAt(i);
            if (isHolding) {
                money *= price / prices.doubleAt(i - 1);
            }
            fastSum += price - (i < windows.fast ? 0 : prices.doubleAt(i - windows.fast));
            slowSum += price - (i < windows.slow ? 0 : prices.doubleAt(i - windows.slow));
            boolean hold = i + 1 >= Math.max(windows.fast, windows.slow)
                    && fastSum / windows.fast > slowSum / windows.slow;
            if (hold != isHolding) {
                isHolding = hold;
                money *= 1 - fee;
                trades++;
            }
        }
        return new Outcome(windows, trades, money - 1);
    }
}

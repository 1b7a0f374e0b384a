import io.github.forkless.common.dataset.Block;
import io.github.forkless.common.job.Job;
import io.github.forkless.common.job.Parameter;
import io.github.forkless.common.shared.Shared;

/** What all orders are worth. The data are numbers of articles, a second dataset has their prices. */
public record Worth(@Parameter("the price of each article") Shared<Block> prices) implements Job<Double, Double> {

    @Override
    public Double start() {
        return 0.0;
    }

    @Override
    public Double accept(Double sum, Block orders) {
        Block all = prices.get();
        double worth = sum;
        for (long i = 0; i < orders.count(); i++) {
            worth += all.doubleAt(Math.floorMod(orders.intAt(i), all.count()));
        }
        return worth;
    }

    @Override
    public Double merge(Double left, Double right) {
        return left + right;
    }

    @Override
    public Double finish(Double sum) {
        return sum;
    }
}

import io.github.forkless.common.dataset.Block;
import io.github.forkless.common.dataset.ElementType;
import io.github.forkless.common.dataset.Layout;
import io.github.forkless.common.job.OrderedJob;
import io.github.forkless.common.job.Parameter;

/**
 * A backtest: hold the asset while the average of its last {@code fast} prices is above that of its last {@code slow}
 * ones. The order of the prices matters, so this is an ordered job: one worker sees them all, from first to last.
 */
public record Crossover(
        @Parameter("prices in the fast average") int fast,
        @Parameter("prices in the slow average") int slow,
        @Parameter(value = "part of the price that each trade costs", defaultValue = "0.001") double fee)
        implements OrderedJob<Crossover.State, Crossover.Outcome> {

    public record Outcome(int trades, double profit) {}

    /** What has been seen so far. It stays in one worker, so any object will do. */
    static final class State {
        double[] last; // the last prices, in a ring
        long seen;
        double fastSum;
        double slowSum;
        boolean isHolding;
        double money = 1;
        int trades;
    }

    @Override
    public boolean accepts(Layout layout) {
        return layout.type() == ElementType.FLOAT64;
    }

    @Override
    public State start() {
        var state = new State();
        state.last = new double[Math.max(fast, slow)];
        return state;
    }

    @Override
    public State accept(State state, Block block) {
        for (long i = 0; i < block.count(); i++) {
            step(state, block.doubleAt(i));
        }
        return state;
    }

    private void step(State s, double price) {
        if (s.isHolding) {
            s.money *= price / before(s, 1);
        }
        s.fastSum += price - before(s, fast);
        s.slowSum += price - before(s, slow);
        s.last[(int) (s.seen % s.last.length)] = price;
        s.seen++;
        boolean hold = s.seen >= s.last.length && s.fastSum / fast > s.slowSum / slow;
        if (hold != s.isHolding) {
            s.isHolding = hold;
            s.money *= 1 - fee;
            s.trades++;
        }
    }

    /** The price that was the newest {@code n} prices ago; 0 before the first. */
    private static double before(State s, int n) {
        return s.seen < n ? 0 : s.last[(int) ((s.seen - n) % s.last.length)];
    }

    @Override
    public Outcome finish(State state) {
        return new Outcome(state.trades, state.money - 1);
    }
}

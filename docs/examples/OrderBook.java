import io.github.forkless.common.dataset.Block;
import io.github.forkless.common.dataset.RecordCursor;
import io.github.forkless.common.job.Job;
import io.github.forkless.common.sample.OrderEvent;
import java.util.TreeMap;

/** The volume traded in each symbol, from what happened in an order book. */
public record OrderBook() implements Job<TreeMap<String, Long>, TreeMap<String, Long>> {

    @Override
    public TreeMap<String, Long> start() {
        return new TreeMap<>();
    }

    @Override
    public TreeMap<String, Long> accept(TreeMap<String, Long> volumes, Block block) {
        for (RecordCursor<OrderEvent> events = block.records(OrderEvent.class); events.next(); ) {
            if (events.reused() instanceof OrderEvent.Matched matched) {
                volumes.merge(matched.symbol(), (long) matched.quantity(), Long::sum);
            }
        }
        return volumes;
    }

    @Override
    public TreeMap<String, Long> merge(TreeMap<String, Long> left, TreeMap<String, Long> right) {
        right.forEach((symbol, volume) -> left.merge(symbol, volume, Long::sum));
        return left;
    }

    @Override
    public TreeMap<String, Long> finish(TreeMap<String, Long> volumes) {
        return volumes;
    }
}

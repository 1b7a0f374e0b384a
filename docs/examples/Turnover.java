import io.github.forkless.common.column.DoubleColumn;
import io.github.forkless.common.column.IntColumn;
import io.github.forkless.common.column.TextColumn;
import io.github.forkless.common.dataset.Block;
import io.github.forkless.common.dataset.Layout;
import io.github.forkless.common.job.Job;
import java.util.Map;
import java.util.TreeMap;

/** What the trades of each symbol were worth together. Reads three columns of a table. */
public record Turnover() implements Job<TreeMap<String, Double>, Map<String, Double>> {

    @Override
    public boolean accepts(Layout layout) {
        return layout instanceof Layout.Table;
    }

    @Override
    public TreeMap<String, Double> start() {
        return new TreeMap<>();
    }

    @Override
    public TreeMap<String, Double> accept(TreeMap<String, Double> worth, Block block) {
        TextColumn symbol = block.texts("symbol");
        DoubleColumn price = block.doubles("price");
        IntColumn quantity = block.ints("quantity");
        double[] ofCode = new double[(int) symbol.dictionary().count()];
        for (long row = 0; row < block.count(); row++) {
            if (!price.isNull(row)) {
                ofCode[symbol.code(row)] += price.at(row) * quantity.at(row);
            }
        }
        for (int code = 0; code < ofCode.length; code++) {
            worth.merge(symbol.dictionary().at(code), ofCode[code], Double::sum);
        }
        return worth;
    }

    @Override
    public TreeMap<String, Double> merge(TreeMap<String, Double> left, TreeMap<String, Double> right) {
        right.forEach((symbol, worth) -> left.merge(symbol, worth, Double::sum));
        return left;
    }

    @Override
    public Map<String, Double> finish(TreeMap<String, Double> worth) {
        return worth;
    }
}

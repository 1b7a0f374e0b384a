import io.github.forkless.common.dataset.Block;
import io.github.forkless.common.dataset.Layout;
import io.github.forkless.common.job.Job;
import io.github.forkless.common.job.Parameter;
import java.util.TreeMap;

/** How often each value of one column appears in a text: the status codes of a web server's log, for example. */
public record Statuses(@Parameter(value = "which column, from 1", defaultValue = "9") int column)
        implements Job<TreeMap<String, Long>, TreeMap<String, Long>> {

    @Override
    public boolean accepts(Layout layout) {
        return layout instanceof Layout.Text;
    }

    @Override
    public TreeMap<String, Long> start() {
        return new TreeMap<>();
    }

    @Override
    public TreeMap<String, Long> accept(TreeMap<String, Long> counts, Block block) {
        var lines = block.lines(); // a block of text is whole lines
        while (lines.next()) {
            String[] columns = lines.text().split(" ");
            if (columns.length >= column) {
                counts.merge(columns[column - 1], 1L, Long::sum);
            }
        }
        return counts;
    }

    @Override
    public TreeMap<String, Long> merge(TreeMap<String, Long> left, TreeMap<String, Long> right) {
        right.forEach((status, count) -> left.merge(status, count, Long::sum));
        return left;
    }

    @Override
    public TreeMap<String, Long> finish(TreeMap<String, Long> counts) {
        return counts;
    }
}

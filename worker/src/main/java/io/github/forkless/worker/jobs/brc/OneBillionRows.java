package io.github.forkless.worker.jobs.brc;

import io.github.forkless.common.dataset.Block;
import io.github.forkless.common.dataset.Layout;
import io.github.forkless.common.job.Job;
import io.github.forkless.common.job.Summary;

/**
 * The One Billion Row Challenge: lines of {@code name;value}, where the value has exactly one decimal and lies between
 * -99.9 and 99.9. The result is the challenge's official line, {@code {Abha=-23.0/18.0/59.2, ...}}: minimum, mean and
 * maximum of each name, sorted as Java sorts strings, means rounded half up from exact sums.
 *
 * <p>Names are UTF-8 without semicolon and newline, one byte or more. The challenge promises 10,000 names of at most
 * 100 bytes; more and longer ones work too. A last line without a newline counts. Any other line, one that ends with a
 * carriage return among them, is an error that names its byte offset.
 */
@Summary("the One Billion Row Challenge over lines of name;value, printed in its official form")
public record OneBillionRows() implements Job<Stations, String> {

    @Override
    public boolean accepts(Layout layout) {
        return layout instanceof Layout.Text;
    }

    @Override
    public Stations start() {
        return new Stations();
    }

    @Override
    public Stations accept(Stations stations, Block block) {
        stations.add(block);
        return stations;
    }

    @Override
    public Stations merge(Stations left, Stations right) {
        left.add(right);
        return left;
    }

    @Override
    public String finish(Stations stations) {
        return stations.toString();
    }
}

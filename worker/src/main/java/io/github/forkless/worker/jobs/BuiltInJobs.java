package io.github.forkless.worker.jobs;

import io.github.forkless.common.job.Job;
import io.github.forkless.worker.jobs.brc.OneBillionRows;
import io.github.forkless.worker.jobs.groups.ByColumn;
import io.github.forkless.worker.jobs.groups.GroupBy;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;

/** The jobs that come with Forkless, by the names that people type. */
public final class BuiltInJobs {
    private static final SequencedMap<String, Class<? extends Job<?, ?>>> ALL = new LinkedHashMap<>();

    static {
        ALL.put("sum", Sum.class);
        ALL.put("stats", Stats.class);
        ALL.put("histogram", Histogram.class);
        ALL.put("count", Count.class);
        ALL.put("group-by", GroupBy.class);
        ALL.put("by-column", ByColumn.class);
        ALL.put("wc", Wc.class);
        ALL.put("grep", Grep.class);
        ALL.put("top", Top.class);
        ALL.put("1brc", OneBillionRows.class);
    }

    /** Name and class of each, in the order in which they are shown. */
    public static Map<String, Class<? extends Job<?, ?>>> all() {
        return java.util.Collections.unmodifiableSequencedMap(ALL);
    }

    public static Optional<Class<? extends Job<?, ?>>> find(String name) {
        return Optional.ofNullable(ALL.get(name));
    }

    /** {@code sum, stats, ...}, for messages. */
    public static String names() {
        return String.join(", ", ALL.keySet());
    }

    private BuiltInJobs() {}
}

package io.github.forkless.coordinator.lab;

import io.github.forkless.common.dataset.Block;
import io.github.forkless.common.dataset.MappedDataset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** No other processes: the jobs are dealt to the threads of one JVM, which has the file mapped. */
final class OneJvm implements Arrangement {
    static final String SINGLE = "single";

    private final String name;

    /** @param name {@link #SINGLE} for one thread, or another name for as many as there would be workers */
    OneJvm(String name) {
        this.name = name;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String meaning() {
        return name.equals(SINGLE)
                ? "one thread: what all others are compared with"
                : "as many threads as there are workers elsewhere, in one process";
    }

    @Override
    public String explanation() {
        return name.equals(SINGLE)
                ? "One thread of one process does the jobs one after another."
                        + " It is the plain program that every other arrangement is compared with."
                : "One process with a thread for each processor; all of them read the same memory."
                        + " It shares data for nothing, but a crash, a leak or a full heap is everybody's"
                        + " (see isolation).";
    }

    @Override
    public Work portion(Work whole) {
        return name.equals(SINGLE) ? whole.withProcs(1) : whole;
    }

    @Override
    public void run(Work work, Results results) throws Exception {
        Block data = MappedDataset.map(work.dataset()).whole();
        List<Integer> parameters = work.parameters();
        results.started();
        try (var threads = Executors.newFixedThreadPool(work.procs())) {
            List<Callable<Void>> jobs = new ArrayList<>();
            for (int i = 0; i < parameters.size(); i++) {
                int job = i;
                jobs.add(() -> {
                    results.add(job, work.kernel().of(data, parameters.get(job)));
                    return null;
                });
            }
            for (Future<Void> done : threads.invokeAll(jobs)) {
                done.get();
            }
            results.hold();
        }
    }
}

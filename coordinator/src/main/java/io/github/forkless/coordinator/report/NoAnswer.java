package io.github.forkless.coordinator.report;

import io.github.forkless.coordinator.result.RunReport;
import java.util.ArrayList;
import java.util.List;

/** Stands for the result of a parameter set that has none, which is not the same as one that is null. */
public enum NoAnswer {
    FAILED;

    /** The results of a run, with this in place of those that are missing. */
    public static List<Object> in(List<Object> found, RunReport report) {
        if (report.leftOut().isEmpty()) {
            return found;
        }
        List<Object> results = new ArrayList<>(found);
        for (RunReport.LeftOut part : report.leftOut()) {
            for (int set = part.firstSet(); part.isWhole() && set < part.endSet(); set++) {
                results.set(set, FAILED);
            }
        }
        return results;
    }

    @Override
    public String toString() {
        return "failed";
    }
}

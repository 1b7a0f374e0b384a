package io.github.forkless.coordinator.run;

import io.github.forkless.common.dataset.Slice;
import java.util.ArrayList;
import java.util.List;

/**
 * How a run is cut into tasks: every group of parameter sets works on every slice, so there is a task for each pair.
 * Neither depends on the number of workers or on timing, except that the grouping of an ordered job may: its answers
 * do not depend on who else is in the group.
 *
 * @param groups consecutive ranges of parameter sets, which share a scan; together all of them
 * @param slices consecutive slices of the dataset; together all that is worked on
 * @param all what is worked on: the whole dataset, or a range of it
 */
record Plan(List<Group> groups, List<Slice> slices, Slice all) {
    /** More parameter sets than this do not share a scan, so that a task's partials stay small. */
    private static final int MAX_GROUP = 256;

    /** Enough tasks to keep many workers busy to the end. */
    private static final int WANTED_TASKS = 64;

    /** The parameter sets from {@code first} to, not including, {@code end}. */
    record Group(int first, int end) {}

    /** A job that may see the blocks in any order: cut by data first, and by parameters where the data is small. */
    static Plan split(int parameterSets, List<Slice> slices, Slice all) {
        int wantedGroups = Math.ceilDiv(WANTED_TASKS, Math.max(1, slices.size()));
        return new Plan(groups(parameterSets, slices.size() > 1 ? 1 : wantedGroups), slices, all);
    }

    /** A job that must see the whole dataset in order: cut by parameters alone, evenly over the workers. */
    static Plan ordered(int parameterSets, int workers, Slice all) {
        List<Slice> whole = all.length() == 0 ? List.of() : List.of(all);
        return new Plan(groups(parameterSets, workers), whole, all);
    }

    /** The same for a run with a journal, in which only finished groups count: cut so that little is lost. */
    static Plan orderedFinely(int parameterSets, int workers, Slice all) {
        return ordered(parameterSets, Math.max(workers, WANTED_TASKS), all);
    }

    /** Which group a parameter set is in. */
    int groupOf(int set) {
        int low = 0;
        int high = groups.size() - 1;
        while (low < high) {
            int middle = (low + high + 1) / 2;
            if (groups.get(middle).first <= set) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        return low;
    }

    /** How many there are; more than fit an int, for many parameter sets over many slices. */
    long tasks() {
        return (long) groups.size() * slices.size();
    }

    private static List<Group> groups(int sets, int wanted) {
        int count = Math.min(sets, Math.max(wanted, Math.ceilDiv(sets, MAX_GROUP)));
        List<Group> groups = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            groups.add(new Group((int) ((long) sets * i / count), (int) ((long) sets * (i + 1) / count)));
        }
        return groups;
    }
}

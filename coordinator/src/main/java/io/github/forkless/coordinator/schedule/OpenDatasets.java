package io.github.forkless.coordinator.schedule;

import io.github.forkless.common.dataset.Dataset;
import io.github.forkless.common.wire.Message;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The datasets that workers may have mapped, by the number that they are called by. Guarded by the scheduler's lock. */
final class OpenDatasets {
    private final Map<Integer, Entry> byNumber = new LinkedHashMap<>();
    private final Map<Dataset, Integer> numbers = new HashMap<>();
    private int lastNumber = Message.NO_DATASET;

    private static final class Entry {
        private final Dataset dataset;
        private boolean isAhead;
        private int users;

        Entry(Dataset dataset) {
            this.dataset = dataset;
        }
    }

    /** @param ahead whether workers map it at once, without waiting for a run */
    int open(Dataset dataset, boolean ahead) {
        int number = numbers.computeIfAbsent(dataset, _ -> ++lastNumber);
        Entry entry = byNumber.computeIfAbsent(number, _ -> new Entry(dataset));
        entry.isAhead |= ahead;
        entry.users++;
        return number;
    }

    /** One more user of a dataset; returns whether it is open. */
    boolean retain(int number) {
        if (number == Message.NO_DATASET) {
            return true;
        }
        Entry entry = byNumber.get(number);
        if (entry != null) {
            entry.users++;
        }
        return entry != null;
    }

    /** Returns whether that was the last user. */
    boolean close(int number) {
        if (number == Message.NO_DATASET || --byNumber.get(number).users > 0) {
            return false;
        }
        numbers.remove(byNumber.remove(number).dataset);
        return true;
    }

    Dataset get(int number) {
        return byNumber.get(number).dataset;
    }

    List<Integer> openedAhead() {
        return byNumber.entrySet().stream()
                .filter(entry -> entry.getValue().isAhead)
                .map(Map.Entry::getKey)
                .toList();
    }
}

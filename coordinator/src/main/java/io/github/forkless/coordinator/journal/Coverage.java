package io.github.forkless.coordinator.journal;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What of a range is there: neighbours are one, so that the size of this is that of the gaps. */
final class Coverage {
    /** From the first to one past the last. */
    private final TreeMap<Long, Long> ranges = new TreeMap<>();

    /** Adds a range, and returns whether it was all missing. */
    boolean add(long from, long to) {
        Map.Entry<Long, Long> before = ranges.lowerEntry(to);
        if (before != null && before.getValue() > from) {
            return false;
        }
        Long last = ranges.remove(to); // one that begins where this ends
        long end = last == null ? to : last;
        if (before != null && before.getValue() == from) {
            ranges.put(before.getKey(), end);
        } else {
            ranges.put(from, end);
        }
        return true;
    }

    /** What of a range is not there, in order. */
    List<Range> missing(long from, long to) {
        List<Range> missing = new ArrayList<>();
        Map.Entry<Long, Long> first = ranges.floorEntry(from);
        long at = first == null ? from : Math.max(from, first.getValue());
        for (Map.Entry<Long, Long> range : ranges.subMap(from, to).entrySet()) {
            if (range.getKey() > at) {
                missing.add(new Range(at, range.getKey()));
            }
            at = Math.max(at, range.getValue());
        }
        if (at < to) {
            missing.add(new Range(at, to));
        }
        return missing;
    }
}

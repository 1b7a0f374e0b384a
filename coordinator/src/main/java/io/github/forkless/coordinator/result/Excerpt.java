package io.github.forkless.coordinator.result;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/** The first and the last of things of which there may be any number. Not safe for use by several threads. */
public final class Excerpt<T> {
    private final int most;
    private final List<T> first = new ArrayList<>();
    private final ArrayDeque<T> last = new ArrayDeque<>();
    private long count;

    /** @param most how many are kept: half of them the first, half the last */
    public Excerpt(int most) {
        this.most = most;
    }

    public void add(T item) {
        count++;
        if (first.size() < most / 2) {
            first.add(item);
            return;
        }
        if (last.size() == most / 2) {
            last.removeFirst();
        }
        last.add(item);
    }

    /** How many there were. */
    public long count() {
        return count;
    }

    /** Those that were kept, in the order in which they came. */
    public List<T> items() {
        List<T> items = new ArrayList<>(first);
        items.addAll(last);
        return items;
    }
}

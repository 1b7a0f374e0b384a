package io.github.forkless.coordinator.machine;

import java.util.BitSet;

/** Sets of processors and of nodes, as the kernel writes them: {@code 0-3,8}. */
final class NumberSet {

    /** @throws NumberFormatException when it is not one */
    static BitSet parse(String list) {
        var numbers = new BitSet();
        for (String range : list.strip().split(",")) {
            if (range.isBlank()) {
                continue; // the empty set is an empty line
            }
            int dash = range.indexOf('-');
            int first = Integer.parseInt(dash < 0 ? range : range.substring(0, dash));
            int last = dash < 0 ? first : Integer.parseInt(range.substring(dash + 1));
            numbers.set(first, last + 1);
        }
        return numbers;
    }

    static String format(BitSet numbers) {
        var list = new StringBuilder();
        for (int first = numbers.nextSetBit(0); first >= 0; ) {
            int end = numbers.nextClearBit(first);
            list.append(list.isEmpty() ? "" : ",").append(first);
            if (end - first > 1) {
                list.append('-').append(end - 1);
            }
            first = numbers.nextSetBit(end);
        }
        return list.toString();
    }

    private NumberSet() {}
}

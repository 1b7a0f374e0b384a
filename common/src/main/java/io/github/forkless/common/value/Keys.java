package io.github.forkless.common.value;

import java.math.BigDecimal;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Objects;

/** The keys of sets and maps. Somebody who chooses them can make a hash table as slow as a list. */
final class Keys {
    /** Among so few, nothing can be slow. */
    private static final int FEW = 16;

    /** So often is a key compared with others on average, at the most, while a table is filled. */
    private static final int COMPARISONS_PER_KEY = 64;

    private static final long FREE_COMPARISONS = 1_000_000;

    /** Comparing decimal numbers of so many bits and more takes a time that grows faster than they do. */
    private static final int MOST_COMPARED_BITS = 1 << 16;

    /** How many more comparisons may be made. */
    private long comparisonsLeft = FREE_COMPARISONS;

    /**
     * Looks at keys before they are put into a hash table, which takes time that grows with the square of how many have
     * the same hash, unless they can be compared.
     *
     * @throws ValueRefusedException when it would take too long
     */
    void requireSpread(List<?> keys) {
        if (keys.size() <= FEW || areOfOneOrder(keys)) {
            return;
        }
        int[] hashes = new int[keys.size()];
        for (int i = 0; i < hashes.length; i++) {
            hashes[i] = Objects.hashCode(keys.get(i));
        }
        Arrays.sort(hashes);
        long comparisons = 0;
        int alike = 0;
        for (int i = 1; i < hashes.length; i++) {
            alike = hashes[i] == hashes[i - 1] ? alike + 1 : 0;
            comparisons += alike;
        }
        comparisonsLeft += (long) COMPARISONS_PER_KEY * hashes.length - comparisons;
        if (comparisonsLeft < 0) {
            throw new ValueRefusedException("a set or map of " + hashes.length
                    + " has so many of the same hash that it would take hours to make; use other keys, or"
                    + " return a list");
        }
        comparisonsLeft = Math.min(comparisonsLeft, FREE_COMPARISONS);
    }

    /** Whether a hash table sorts those of the same hash, so that they cost no more than others. */
    private static boolean areOfOneOrder(List<?> keys) {
        Class<?> type = keys.getFirst() == null ? null : keys.getFirst().getClass();
        if (type != String.class && (type == null || type.getSuperclass() != Number.class)
                || type == BigDecimal.class) {
            return false;
        }
        for (Object key : keys) {
            if (key == null || key.getClass() != type) {
                return false;
            }
        }
        return true;
    }

    /**
     * Whether they ascend in their natural order here, too. They do not where the sender compared objects of a class
     * that is not granted; then the sender's order is kept as it came.
     */
    @SuppressWarnings({"unchecked", "rawtypes"}) // whether they can be compared is the question
    static boolean areSorted(Collection<?> keys) {
        Object previous = null;
        try {
            for (Object key : keys) {
                if (!(key instanceof Comparable comparable)
                        || key instanceof BigDecimal d && d.unscaledValue().bitLength() > MOST_COMPARED_BITS
                        || previous != null && comparable.compareTo(previous) <= 0) {
                    return false;
                }
                previous = key;
            }
            return true;
        } catch (ClassCastException | NullPointerException e) {
            return false;
        }
    }
}

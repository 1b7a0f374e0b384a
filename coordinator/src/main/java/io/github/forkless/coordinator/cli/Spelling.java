package io.github.forkless.coordinator.cli;

import java.util.Collection;
import java.util.Optional;

/** What somebody may have meant: picocli compares pairs of letters, and finds nothing for a short word with two swapped. */
final class Spelling {
    private static final int MOST_SLIPS = 2;

    /** The nearest of some words; empty if none is near. */
    static Optional<String> nearest(String typed, Collection<String> words) {
        String nearest = null;
        int fewest = MOST_SLIPS + 1;
        for (String word : words) {
            int slips = slips(typed, word);
            if (slips < fewest) {
                nearest = word;
                fewest = slips;
            }
        }
        return Optional.ofNullable(nearest);
    }

    /** How many letters are missing, too many, wrong, or swapped with their neighbour. */
    private static int slips(String a, String b) {
        int[][] of = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int k = 0; k <= b.length(); k++) {
                if (i == 0 || k == 0) {
                    of[i][k] = i + k;
                    continue;
                }
                int wrong = a.charAt(i - 1) == b.charAt(k - 1) ? 0 : 1;
                of[i][k] = Math.min(of[i - 1][k - 1] + wrong, 1 + Math.min(of[i - 1][k], of[i][k - 1]));
                boolean isSwapped =
                        i > 1 && k > 1 && a.charAt(i - 1) == b.charAt(k - 2) && a.charAt(i - 2) == b.charAt(k - 1);
                if (isSwapped) {
                    of[i][k] = Math.min(of[i][k], of[i - 2][k - 2] + 1);
                }
            }
        }
        return of[a.length()][b.length()];
    }

    private Spelling() {}
}

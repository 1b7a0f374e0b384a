package io.github.forkless.worker.jobs.texts;

import java.util.ArrayList;
import java.util.List;

/** Texts that come in several runs, and become one: two runs of like size at a time, so that none is read again for each that comes. */
public final class TextRuns {
    private final TextFigures figures;
    private final List<SortedTexts> runs = new ArrayList<>();

    public TextRuns(TextFigures figures) {
        this.figures = figures;
    }

    public void add(SortedTexts run) {
        runs.add(run);
        while (runs.size() > 1
                && runs.getLast().length() >= runs.get(runs.size() - 2).length() / 2) {
            mergeLast();
        }
    }

    private void mergeLast() {
        SortedTexts last = runs.removeLast();
        runs.add(SortedTexts.merged(runs.removeLast(), last, figures));
    }

    /** All that were added. */
    public SortedTexts merged() {
        while (runs.size() > 1) {
            mergeLast();
        }
        return runs.isEmpty() ? SortedTexts.of(new byte[0]) : runs.getFirst();
    }
}

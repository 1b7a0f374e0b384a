package io.github.forkless.coordinator.cli;

import io.github.forkless.coordinator.EngineKind;

/**
 * What {@code --engine} names: one of the coordinator's own, or one that is installed beside it.
 *
 * @param own null if it is another one
 */
record GivenEngine(String name, EngineKind own) {
    static final String SPARK = "spark";

    static GivenEngine of(String text) {
        for (EngineKind engine : EngineKind.values()) {
            if (engine.label().equals(text)) {
                return new GivenEngine(text, engine);
            }
        }
        if (text.equals(SPARK)) {
            return new GivenEngine(text, null);
        }
        throw new IllegalArgumentException("'" + text + "' is none of processes, threads and spark");
    }

    boolean isOfCluster() {
        return own == null;
    }
}

package io.github.forkless.common.shared;

import io.github.forkless.common.dataset.Block;
import io.github.forkless.common.value.TypeFinder;
import io.github.forkless.common.value.ValueReader;
import io.github.forkless.common.value.ValueWriter;
import io.github.forkless.common.wire.ByteReader;
import java.util.Map;
import java.util.Optional;

/** Datasets that a job is given by the names of its parameters, as bytes. They only ever travel from the coordinator to a worker. */
public final class NamedDatasets {
    private static final TypeFinder OURS = name -> {
        try {
            return Optional.of(Class.forName(name, false, NamedDatasets.class.getClassLoader()));
        } catch (ClassNotFoundException e) {
            return Optional.empty();
        }
    };

    private NamedDatasets() {}

    /** No bytes for no datasets. */
    public static byte[] encode(Map<String, Shared<Block>> datasets) {
        return datasets.isEmpty() ? new byte[0] : ValueWriter.encode(datasets);
    }

    @SuppressWarnings("unchecked") // it is what was encoded
    public static Map<String, Shared<Block>> decode(byte[] datasets) {
        return datasets.length == 0
                ? Map.of()
                : (Map<String, Shared<Block>>) new ValueReader(new ByteReader(datasets), OURS).read();
    }

    /** For journals: the same bytes in each program that is started with these datasets. */
    public static byte[] content(byte[] datasets) {
        return datasets.length == 0 ? datasets : Shared.asContent(() -> ValueWriter.encode(decode(datasets)));
    }
}

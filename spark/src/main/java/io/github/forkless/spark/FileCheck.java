package io.github.forkless.spark;

import io.github.forkless.common.dataset.DatasetException;
import java.io.Serializable;
import java.util.List;
import org.apache.spark.SparkEnv;
import scala.collection.Iterator;
import scala.runtime.AbstractFunction1;

/** What every executor does before a dataset is worked on: it compares its host's files with the coordinator's. */
final class FileCheck extends AbstractFunction1<Iterator<Exchange>, String> implements Serializable {
    private static final long serialVersionUID = 1L;

    /** The answer of a host whose files are what is expected. */
    static final String SAME = "";

    private final String pool;
    private final Exchange.Setup setup;
    private final Expected[] files;

    /** @param mayBeLonger whether it may have grown since it was looked at */
    record Expected(String path, Fingerprint fingerprint, boolean mayBeLonger) implements Serializable {}

    FileCheck(String pool, Exchange.Setup setup, List<Expected> files) {
        this.pool = pool;
        this.setup = setup;
        this.files = files.toArray(Expected[]::new);
    }

    @Override
    public String apply(Iterator<Exchange> nothing) {
        try {
            ExecutorSide.of(pool, setup).check(List.of(files));
            return SAME;
        } catch (DatasetException e) {
            SparkEnv here = SparkEnv.get();
            return e.getMessage() + " (on host "
                    + here.blockManager().blockManagerId().host() + ", in executor " + here.executorId() + ")";
        }
    }
}

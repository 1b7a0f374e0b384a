package io.github.forkless.spark;

import io.github.forkless.coordinator.engine.ClusterEngines;
import io.github.forkless.coordinator.engine.EngineFactory;

/** Found by the command line for {@code --engine spark}. */
public final class InstalledSpark implements ClusterEngines {
    /** For {@link java.util.ServiceLoader}. */
    public InstalledSpark() {}

    @Override
    public String name() {
        return "spark";
    }

    @Override
    public EngineFactory engine(Options options) {
        if (options.master().isEmpty() && System.getProperty("spark.master") == null) {
            throw new IllegalArgumentException(
                    "--engine spark needs to know where Spark is: add --master spark://HOST:7077, or"
                            + " --master 'local[4]' to try it on this machine");
        }
        return new SparkEngine(
                options.master(), options.workersPerExecutor(), options.hosts(), options.configuration());
    }
}

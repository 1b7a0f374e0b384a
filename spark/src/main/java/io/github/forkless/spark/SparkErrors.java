package io.github.forkless.spark;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What Spark's exceptions mean, in one line that says what to do. */
final class SparkErrors {
    private static final Pattern CLASS_VERSION = Pattern.compile("up to (\\d+)\\.0");
    private static final int FIRST_CLASS_VERSION = 44;

    static String sentence(Throwable failure) {
        String all = withCauses(failure);
        if (all.contains("UnsupportedClassVersionError")) {
            Matcher version = CLASS_VERSION.matcher(all);
            return "its executors run on "
                    + (version.find()
                            ? "Java " + (Integer.parseInt(version.group(1)) - FIRST_CLASS_VERSION)
                            : "a Java that is too old")
                    + ", and JDK 25 or newer is needed; set JAVA_HOME of the workers, or"
                    + " spark.executorEnv.JAVA_HOME";
        }
        if (all.contains("Only one SparkContext")) {
            return "this program has a connection to Spark already, and a JVM can have one; close the pool that has"
                    + " it, or stop its SparkContext";
        }
        if (all.contains("All masters are unresponsive")) {
            return "what answers there does not speak the protocol of Spark "
                    + org.apache.spark.package$.MODULE$.SPARK_VERSION()
                    + "; set SPARK_HOME to an installation of the cluster's version";
        }
        if (all.contains("InvalidClassException") || all.contains("local class incompatible")) {
            return "it has another version of Spark than this program, "
                    + org.apache.spark.package$.MODULE$.SPARK_VERSION()
                    + "; set SPARK_HOME to an installation of the cluster's version";
        }
        if (all.contains("Could not parse Master URL")) {
            return "that is no address of a cluster; it looks like spark://HOST:7077, or local[4] to try it here";
        }
        return firstLine(failure).orElse(failure.toString());
    }

    private static String withCauses(Throwable failure) {
        var all = new StringBuilder();
        for (Throwable each = failure; each != null; each = each.getCause()) {
            all.append(each).append('\n');
        }
        return all.toString();
    }

    private static Optional<String> firstLine(Throwable failure) {
        return failure.getMessage() == null
                ? Optional.empty()
                : failure.getMessage().lines().findFirst();
    }

    private SparkErrors() {}
}

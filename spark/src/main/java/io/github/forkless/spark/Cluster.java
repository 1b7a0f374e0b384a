package io.github.forkless.spark;

import io.github.forkless.coordinator.result.InvalidRequestException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.function.BiConsumer;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkContext;
import org.apache.spark.rdd.RDD;
import scala.Function0;
import scala.Function1;
import scala.collection.Iterator;
import scala.jdk.javaapi.CollectionConverters;
import scala.runtime.AbstractFunction0;
import scala.runtime.AbstractFunction1;
import scala.runtime.AbstractFunction2;
import scala.runtime.BoxedUnit;
import scala.util.Try;

/** The connection to Spark, with executors that can do something. Safe for use by several threads. */
final class Cluster implements AutoCloseable {
    /** Spark's own name for how long to wait for executors. */
    private static final String LONGEST_WAIT = "spark.scheduler.maxRegisteredResourcesWaitingTime";

    private static final Duration FIRST_EXECUTOR = Duration.ofMinutes(2);
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    /** Executors of one cluster come within moments of each other. */
    private static final Duration OTHER_EXECUTORS = Duration.ofSeconds(1);

    private static final int CONNECTING_MILLIS = 5_000;
    private static final int DEFAULT_PORT = 7077;

    /** For the JVMs of executors: see {@code WorkerCommand} of the coordinator, which says why. */
    private static final String EXECUTOR_OPTIONS = "--add-opens=java.base/java.lang.reflect=ALL-UNNAMED"
            + " --add-exports=java.base/jdk.internal.ref=ALL-UNNAMED --add-exports=java.base/sun.nio.ch=ALL-UNNAMED"
            + " --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow";

    private final SparkContext context;
    private final String number;
    private final Executors executors;
    private final int workersPerExecutor;
    private final PreferredHosts preferred;
    private final ProgramFiles files = new ProgramFiles();
    /** Names of the files on the class path of executors. */
    private Set<String> theirs = Set.of();

    private Cluster(
            SparkContext context,
            String number,
            Executors executors,
            OptionalInt workersPerExecutor,
            PreferredHosts preferred) {
        this.context = context;
        this.number = number;
        this.executors = executors;
        this.workersPerExecutor = workersPerExecutor.orElse(0);
        this.preferred = preferred;
    }

    /**
     * @param given where Spark is; empty for what {@code spark-submit} says
     * @param wanted how many workers there are to be
     * @throws IOException when there is no cluster, or none that can do anything; the message says what to do
     */
    static Cluster connect(
            Optional<String> given,
            Map<String, String> configuration,
            OptionalInt workersPerExecutor,
            PreferredHosts preferred,
            OptionalInt wanted)
            throws IOException {
        String master = given.orElseGet(() -> System.getProperty("spark.master"));
        requireMaster(master);
        String number = UUID.randomUUID().toString();
        Executors executors = Executors.register(number);
        try {
            SparkConf settings = settings(master, configuration, number, wanted);
            var cluster = new Cluster(context(settings, master), number, executors, workersPerExecutor, preferred);
            try {
                cluster.awaitExecutors(master, wanted);
                cluster.greet();
                return cluster;
            } catch (IOException | RuntimeException e) {
                cluster.close();
                throw e;
            }
        } catch (IOException | RuntimeException e) {
            Executors.forget(number);
            throw e;
        }
    }

    private static SparkConf settings(
            String master, Map<String, String> configuration, String number, OptionalInt wanted) {
        var settings = new SparkConf();
        configuration.forEach(settings::set);
        settings.setMaster(master)
                .setIfMissing("spark.app.name", "forkless")
                .setIfMissing("spark.ui.enabled", "false")
                .setIfMissing("spark.driver.maxResultSize", "0")
                // Spark's default has a native library, which a JVM that is killed leaves in /tmp.
                .setIfMissing("spark.io.compression.codec", "lzf")
                .set("spark.speculation", "false") // the coordinator deals, and a worker is in one place
                .set("spark.locality.wait", "1d") // so a task for it waits for its executor
                .set(
                        "spark.executor.extraJavaOptions",
                        joined(settings, "spark.executor.extraJavaOptions", EXECUTOR_OPTIONS, " "))
                .set(
                        "spark.extraListeners",
                        joined(settings, "spark.extraListeners", Executors.Listener.class.getName(), ","))
                .set(Executors.NUMBER, number);
        if (wanted.isPresent() && !master.startsWith("local")) { // others may want the rest
            settings.setIfMissing("spark.cores.max", Integer.toString(wanted.getAsInt()));
        }
        return settings;
    }

    private static String joined(SparkConf settings, String key, String own, String separator) {
        return settings.contains(key) ? settings.get(key) + separator + own : own;
    }

    /** Spark itself would look for it for a minute. */
    private static void requireMaster(String master) throws IOException {
        if (!master.startsWith("spark://")) {
            return;
        }
        IOException last = null;
        for (String each : master.substring("spark://".length()).split(",")) {
            int colon = each.lastIndexOf(':');
            String host = colon < 0 ? each : each.substring(0, colon);
            try (var socket = new Socket()) {
                int port = colon < 0 ? DEFAULT_PORT : Integer.parseInt(each.substring(colon + 1));
                socket.connect(new InetSocketAddress(host, port), CONNECTING_MILLIS);
                return;
            } catch (NumberFormatException e) {
                throw new InvalidRequestException("'" + master
                        + "' is no address of Spark: the port is no number; it looks like spark://HOST:7077");
            } catch (IOException e) {
                last = e;
            }
        }
        throw new IOException("no Spark master answers at " + master + " (" + last.getMessage()
                + "); start it, or check host and port: its page and its log say what it is called");
    }

    private static SparkContext context(SparkConf settings, String master) throws IOException {
        try {
            return new SparkContext(settings);
        } catch (NoClassDefFoundError e) {
            throw new IOException("Spark's classes are not all there (" + e.getMessage() + "); set SPARK_HOME to an"
                    + " installation of Spark 4.2, or add org.apache.spark:spark-core_2.13 to the program");
        } catch (Exception | ExceptionInInitializerError e) { // Spark declares none of what it throws
            throw new IOException("Spark at " + master + " cannot be used: " + SparkErrors.sentence(e), e);
        }
    }

    private void awaitExecutors(String master, OptionalInt wanted) throws IOException {
        Duration longest =
                Duration.ofMillis(context.conf().getTimeAsMs(LONGEST_WAIT, FIRST_EXECUTOR.toSeconds() + "s"));
        Duration quiet = longest.compareTo(PATIENCE) < 0 ? longest : PATIENCE;
        try {
            if (!executors.awaitFirst(quiet.toNanos())) {
                if (quiet.equals(PATIENCE)) {
                    System.err.println("[spark] connected to " + master + ", and waiting for an executor");
                }
                if (!executors.awaitFirst(longest.minus(quiet).toNanos())) {
                    throw new IOException("Spark at " + master + " has started no executor within "
                            + longest.toSeconds() + " s: no worker has a free processor and " + memory()
                            + " of free memory, or the executors' JVMs do not start; look at the master's page and at"
                            + " the workers' logs, ask for less with spark.executor.memory, or wait longer with "
                            + LONGEST_WAIT);
                }
            }
            // Who has said how many there are to be can wait for them; else it is only known that no more are coming.
            Duration patience = wanted.isPresent() ? PATIENCE : OTHER_EXECUTORS;
            executors.awaitOthers(patience.toNanos(), wanted.orElse(Integer.MAX_VALUE));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while waiting for Spark's executors");
        }
    }

    private String memory() {
        return context.conf().get("spark.executor.memory", "1g");
    }

    /** What an executor is. */
    record Facts(String java, String spark, String classPath) implements java.io.Serializable {
        static Facts ofThisJvm() {
            return new Facts(
                    System.getProperty("java.version"),
                    org.apache.spark.package$.MODULE$.SPARK_VERSION(),
                    System.getProperty("java.class.path"));
        }
    }

    /** Sees that our code runs there, on the same Spark. */
    private void greet() throws IOException {
        for (Path jar : files.first()) {
            context.addJar(jar.toString());
        }
        Facts facts = run(new Greeting(), List.of(executors.alive().getFirst())).getFirst();
        String ours = Facts.ofThisJvm().spark();
        if (!facts.spark().equals(ours)) {
            throw new IOException("the executors run Spark " + facts.spark() + ", and this program has Spark " + ours
                    + "; set SPARK_HOME to an installation of the cluster's version");
        }
        Set<String> names = new HashSet<>();
        for (String entry : facts.classPath().split(":")) {
            Path name = Path.of(entry).getFileName();
            names.add(name == null ? "" : name.toString());
        }
        theirs = names;
    }

    /**
     * Has work done in each of some executors, and waits for it. If one is lost meanwhile, another one does it.
     *
     * @throws IOException when Spark could not do it; the message says what to do
     */
    <U> List<U> run(Function1<Iterator<Exchange>, U> work, List<Executor> in) throws IOException {
        var answers = new ConcurrentHashMap<Integer, U>();
        var done = new CompletableFuture<Void>();
        RDD<Exchange> rdd = new ExchangeRdd(context, Collections.nCopies(in.size(), null), in);
        submit(
                rdd,
                work,
                in.size(),
                (number, answer) -> {
                    answers.put(number, answer);
                    if (answers.size() == in.size()) {
                        done.complete(null);
                    }
                },
                done::completeExceptionally);
        try {
            done.get();
            return List.copyOf(new TreeMap<>(answers).values());
        } catch (ExecutionException e) {
            throw new IOException(SparkErrors.sentence(e.getCause()), e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while waiting for an executor");
        }
    }

    private static final class Greeting extends AbstractFunction1<Iterator<Exchange>, Facts>
            implements java.io.Serializable {
        private static final long serialVersionUID = 1L;

        @Override
        public Facts apply(Iterator<Exchange> nothing) {
            return Facts.ofThisJvm();
        }
    }

    /** Sends executors the code of this program that they do not have. */
    void sendCode(List<Path> classPath) throws IOException {
        for (Path jar : files.rest(classPath, theirs)) {
            context.addJar(jar.toString());
        }
    }

    /** How many workers there is room for. */
    int room() {
        int room = 0;
        for (Executor executor : executors.alive()) {
            room += room(executor);
        }
        return room;
    }

    int room(Executor executor) {
        return workersPerExecutor > 0 ? Math.min(workersPerExecutor, executor.cores()) : executor.cores();
    }

    int workersPerExecutor() {
        return workersPerExecutor;
    }

    Executors executors() {
        return executors;
    }

    PreferredHosts preferred() {
        return preferred;
    }

    SparkContext context() {
        return context;
    }

    boolean isLocal() {
        return context.isLocal();
    }

    /**
     * Has Spark run a task for each partition.
     *
     * @param answered is told of each result, with its partition's number; one call at a time
     * @param failed is told if Spark gives up
     */
    <U> void submit(
            RDD<Exchange> rdd,
            Function1<Iterator<Exchange>, U> work,
            int partitions,
            BiConsumer<Integer, U> answered,
            java.util.function.Consumer<Throwable> failed) {
        List<Object> all = new ArrayList<>();
        for (int i = 0; i < partitions; i++) {
            all.add(i);
        }
        Function0<BoxedUnit> done = new AbstractFunction0<>() {
            @Override
            public BoxedUnit apply() {
                return BoxedUnit.UNIT;
            }
        };
        var future = context.submitJob(
                rdd,
                work,
                CollectionConverters.asScala(all).toSeq(),
                new AbstractFunction2<Object, U, BoxedUnit>() {
                    @Override
                    public BoxedUnit apply(Object partition, U result) {
                        answered.accept((Integer) partition, result);
                        return BoxedUnit.UNIT;
                    }
                },
                done);
        future.onComplete(
                new AbstractFunction1<Try<BoxedUnit>, BoxedUnit>() {
                    @Override
                    public BoxedUnit apply(Try<BoxedUnit> result) {
                        if (result.isFailure()) {
                            failed.accept(result.failed().get());
                        }
                        return BoxedUnit.UNIT;
                    }
                },
                scala.concurrent.ExecutionContext.global());
    }

    @Override
    public void close() {
        context.stop();
        Executors.forget(number);
        files.close();
    }
}

package io.github.forkless.spark;

import java.io.Serializable;
import java.util.Collections;
import java.util.List;
import org.apache.spark.Dependency;
import org.apache.spark.Partition;
import org.apache.spark.SparkContext;
import org.apache.spark.TaskContext;
import org.apache.spark.rdd.RDD;
import scala.collection.Iterator;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;
import scala.reflect.ClassTag;
import scala.runtime.AbstractFunction1;

/** Exchanges as Spark takes work: a partition each, which asks for the executor that has the worker. */
final class ExchangeRdd extends RDD<Exchange> {
    private static final long serialVersionUID = 1L;

    /** Only in the program: an executor is sent the one partition that its task is for. */
    private final transient List<Exchange> exchanges;

    private final transient List<Executor> executors;

    /** @param executors for each exchange the one that is to run it */
    ExchangeRdd(SparkContext context, List<Exchange> exchanges, List<Executor> executors) {
        super(context, CollectionConverters.asScala(List.<Dependency<?>>of()).toSeq(), ClassTag.apply(Exchange.class));
        this.exchanges = exchanges;
        this.executors = executors;
    }

    record Part(int index, Exchange exchange) implements Partition {
        private static final long serialVersionUID = 1L;
    }

    @Override
    public Partition[] getPartitions() {
        Partition[] partitions = new Partition[exchanges.size()];
        for (int i = 0; i < partitions.length; i++) {
            partitions[i] = new Part(i, exchanges.get(i));
        }
        return partitions;
    }

    /** In the form by which Spark names an executor among the places of a task. */
    @Override
    public Seq<String> getPreferredLocations(Partition partition) {
        Executor executor = executors.get(partition.index());
        return CollectionConverters.asScala(List.of("executor_" + executor.host() + "_" + executor.id()))
                .toSeq();
    }

    @Override
    public Iterator<Exchange> compute(Partition partition, TaskContext context) {
        return CollectionConverters.asScala(
                Collections.singletonList(((Part) partition).exchange()).iterator());
    }

    /** What a task does. */
    static final class Work extends AbstractFunction1<Iterator<Exchange>, Exchange.Reply> implements Serializable {
        private static final long serialVersionUID = 1L;

        @Override
        public Exchange.Reply apply(Iterator<Exchange> exchange) {
            return ExecutorSide.handle(exchange.next());
        }
    }
}

/**
 * {@code --engine spark}: tasks are carried out by the executors of an Apache Spark cluster. Start with {@link
 * io.github.forkless.spark.SparkEngine}, which a program gives its pool.
 *
 * <p>In the program there is a {@code RemoteWorker} for each processor of each executor. Its messages travel as Spark tasks ({@code
 * Exchange}), which ask to be run by that executor; there {@code ExecutorSide} hands them to a worker of the coordinator's own
 * engines, a thread or a child JVM, and returns the answers. Planning, retries, merging and reports are the coordinator's.
 */
package io.github.forkless.spark;

/**
 * The One Billion Row Challenge. {@link io.github.forkless.worker.jobs.brc.OneBillionRows} is the job;
 * {@link io.github.forkless.worker.jobs.brc.Stations} its partial, with the loop that everything is about.
 */
package io.github.forkless.worker.jobs.brc;

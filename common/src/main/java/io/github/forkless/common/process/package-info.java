/** What Linux counts about a process: {@link io.github.forkless.common.process.ProcessStat}. */
package io.github.forkless.common.process;

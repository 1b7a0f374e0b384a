/**
 * Child JVMs: {@link io.github.forkless.coordinator.process.ProcessEngine} starts them, {@code WorkerProcess} is one of them.
 * {@link io.github.forkless.coordinator.process.WorkerKeeper} has them stay for the next pool. {@code WorkerCommand} is the command line, {@code WorkerOutput} what they print, {@code ExitCause} why they ended, {@code
 * ProcessSweeper} the end of what they leave behind, {@code PrivateFolder} where they write what nobody asked for by name.
 * {@link io.github.forkless.coordinator.process.ImportProcess} is a child that is no worker.
 */
package io.github.forkless.coordinator.process;

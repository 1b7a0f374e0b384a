package io.github.forkless.coordinator.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.forkless.common.wire.JobSource;
import io.github.forkless.common.wire.Message;
import io.github.forkless.coordinator.engine.Worker;
import io.github.forkless.coordinator.engine.WorkerEnd;
import io.github.forkless.coordinator.placement.WorkerPlaces;
import io.github.forkless.testing.Patience;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

@Execution(ExecutionMode.SAME_THREAD)
class WorkerProcessIT {

    /** It may be busy with other workers: what this one said counts, however long that was ago. */
    @Test
    void aSlowListenerIsToldAllThatTheWorkerSaidBeforeItsEnd() throws Exception {
        var engine = new ProcessEngine(WorkerSettings.defaults(1), WorkerPlaces.NONE, _ -> {});
        List<String> told = Collections.synchronizedList(new ArrayList<>());
        var mayGoOn = new CountDownLatch(1);
        Worker worker = engine.start(0);
        worker.listen(new Worker.Listener() {
            @Override
            public void received(Worker from, Message message) {
                try {
                    mayGoOn.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
                told.add(message.getClass().getSimpleName());
            }

            @Override
            public void ended(Worker from, WorkerEnd end) {
                told.add("ended");
            }
        });
        var job = new JobSource.Named("sum", Map.of(), List.of(Map.of()));
        worker.send(
                new Message.Load(1, Message.NO_DATASET, false, job),
                new Message.Load(2, Message.NO_DATASET, false, job));
        worker.dismiss();
        ProcessHandle.of(worker.pid()).ifPresent(process -> process.onExit().join());

        assertThat(worker.awaitEnd(Duration.ofMillis(1500)))
                .as("its end is told")
                .isFalse();
        mayGoOn.countDown();
        worker.awaitEnd(Duration.ofNanos(Long.MAX_VALUE));
        engine.close();

        assertThat(told).containsExactly("Ready", "Loaded", "Loaded", "ended");
    }

    /** A process that the job has started, and that nobody knows by its environment, may hold the stream open for ever. */
    @Test
    void aStreamThatStaysOpenDoesNotKeepTheEndFromBeingTold() throws Exception {
        var engine = new ProcessEngine(WorkerSettings.defaults(1), WorkerPlaces.NONE, _ -> {});
        var isUp = new CountDownLatch(1);
        var isEnded = new CountDownLatch(1);
        Worker worker = engine.start(0);
        worker.listen(new Worker.Listener() {
            @Override
            public void received(Worker from, Message message) {
                isUp.countDown();
            }

            @Override
            public void ended(Worker from, WorkerEnd end) {
                isEnded.countDown();
            }
        });
        isUp.await();
        Process holder = new ProcessBuilder(
                        "env",
                        "-i",
                        "/bin/sh",
                        "-c",
                        "exec 9>/proc/" + worker.pid() + "/fd/4 && echo open && read -r never")
                .start();
        try {
            assertThat(holder.inputReader().readLine()).isEqualTo("open");
            worker.kill();

            assertThat(Patience.awaits(Duration.ofSeconds(5), () -> isEnded.getCount() == 0))
                    .as("its end is told")
                    .isTrue();
        } finally {
            holder.destroyForcibly().waitFor();
            engine.close();
        }
    }
}

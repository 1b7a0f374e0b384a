package io.github.forkless.coordinator.lab;

import io.github.forkless.worker.ParentWatch;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** The JVM in which neighbours and culprits are threads. */
final class ThreadsMain {
    private final Signals signals = new Signals();

    /** @param args the laboratory's process id, the misbehaviour, and how many threads */
    public static void main(String[] args) throws InterruptedException {
        ParentWatch.start(Long.parseLong(args[0]));
        new ThreadsMain().run(Misbehaviour.valueOf(args[1]), Integer.parseInt(args[2]));
    }

    private void run(Misbehaviour misbehaviour, int procs) throws InterruptedException {
        ExecutorService threads = Executors.newFixedThreadPool(procs);
        List<Future<?>> neighbours = new ArrayList<>();
        List<Future<?>> culprits = new ArrayList<>();
        for (int i = 0; i < Neighbour.JOBS; i++) {
            int job = i;
            if (i == Neighbour.BEFORE) {
                for (int n = 0; n < misbehaviour.jobs(); n++) {
                    culprits.add(threads.submit(() -> misbehave(misbehaviour)));
                }
            }
            neighbours.add(threads.submit(() -> signals.send(
                    Signals.NEIGHBOUR,
                    job,
                    Neighbour.longestGap(),
                    Thread.currentThread().threadId())));
        }
        for (int job = 0; job < neighbours.size(); job++) {
            try {
                neighbours.get(job).get();
            } catch (ExecutionException e) {
                signals.send(Signals.LOST, job, e.getCause());
            }
        }
        for (Future<?> culprit : culprits) {
            signals.send(Signals.CULPRIT, end(culprit));
        }
        signals.send(Signals.END);
        Runtime.getRuntime().halt(0); // a thread in an endless loop can be ended in no other way
    }

    private void misbehave(Misbehaviour misbehaviour) {
        try {
            misbehaviour.begin(() -> signals.send(Signals.HARM));
        } catch (OutOfMemoryError e) {
            signals.send(Signals.HARM);
            throw e;
        }
    }

    private static String end(Future<?> culprit) throws InterruptedException {
        if (!culprit.isDone()) {
            return "still running; nothing can end a thread";
        }
        try {
            culprit.get();
            return "ended";
        } catch (ExecutionException e) {
            return e.getCause().toString();
        }
    }
}

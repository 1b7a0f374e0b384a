package io.github.forkless.coordinator.lab;

import io.github.forkless.worker.ParentWatch;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** The JVM in which neighbours and culprits are threads. */
final class ThreadsMain {
    private final Signals signals = new Signals();
    private final int procs;
    private final ExecutorService threads;

    /** @param args the laboratory's process id, the misbehaviour, how many threads, how many jobs before and at least */
    public static void main(String[] args) throws Exception {
        ParentWatch.start(Long.parseLong(args[0]));
        new ThreadsMain(Integer.parseInt(args[2]))
                .run(Misbehaviour.valueOf(args[1]), Integer.parseInt(args[3]), Integer.parseInt(args[4]));
    }

    private ThreadsMain(int procs) {
        this.procs = procs;
        this.threads = Executors.newFixedThreadPool(procs);
    }

    private void run(Misbehaviour misbehaviour, int before, int atLeast) throws InterruptedException, IOException {
        neighbours(0, before);
        List<Future<?>> culprits = new ArrayList<>();
        for (int n = 0; n < misbehaviour.jobs(); n++) {
            culprits.add(threads.submit(() -> misbehave(misbehaviour)));
        }
        neighbours(before, atLeast);
        for (int job = atLeast; !signals.mayGo(); job += procs) {
            neighbours(job, job + procs);
        }
        for (Future<?> culprit : culprits) {
            signals.send(Signals.CULPRIT, end(culprit, misbehaviour));
        }
        signals.send(Signals.END);
        Runtime.getRuntime().halt(0); // a thread in an endless loop can be ended in no other way
    }

    /** Has jobs of neighbours done, and tells of each. */
    private void neighbours(int from, int to) throws InterruptedException {
        List<Future<?>> jobs = new ArrayList<>();
        for (int i = from; i < to; i++) {
            int job = i;
            jobs.add(threads.submit(() -> signals.send(
                    Signals.NEIGHBOUR,
                    job,
                    Neighbour.longestGap(),
                    Thread.currentThread().threadId())));
        }
        for (int i = 0; i < jobs.size(); i++) {
            try {
                jobs.get(i).get();
            } catch (ExecutionException e) {
                signals.send(Signals.LOST, from + i, e.getCause());
            }
        }
    }

    private void misbehave(Misbehaviour misbehaviour) {
        try {
            misbehaviour.begin(() -> signals.send(Signals.HARM));
        } catch (OutOfMemoryError e) {
            signals.send(Signals.HARM);
            throw e;
        }
    }

    private static String end(Future<?> culprit, Misbehaviour misbehaviour) throws InterruptedException {
        if (!misbehaviour.ends()) {
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

package io.github.forkless.coordinator.lab;

import io.github.forkless.worker.ParentWatch;
import java.util.Arrays;
import java.util.List;

/** The JVM in which one {@link Arrangement} does its work. */
final class ArrangementMain {

    /** @param args the laboratory's process id, the arrangement's name, and the work's arguments */
    public static void main(String[] args) throws Exception {
        ParentWatch.start(Long.parseLong(args[0]));
        Arrangement arrangement = Arrangements.named(args[1]);
        List<String> work = Arrays.asList(args).subList(2, args.length);
        var results = new Results(new Signals());
        arrangement.run(Work.ofArguments(work), results);
        if (!results.isHeld()) {
            throw new IllegalStateException(arrangement.name() + " ended before anybody had looked at its memory");
        }
    }

    private ArrangementMain() {}
}

package io.github.forkless.spark;

import io.github.forkless.coordinator.cli.Main;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** What {@code spark-submit forkless-spark.jar ARGUMENTS} starts: {@code coordinator} with the same arguments, on that cluster. */
public final class Submit {
    /** @param arguments of {@code coordinator run} */
    public static void main(String[] arguments) {
        List<String> all = new ArrayList<>(Arrays.asList(arguments));
        if (!all.isEmpty() && all.getFirst().equals("run")) {
            all.removeFirst();
        }
        if (all.stream().noneMatch(argument -> argument.equals("--engine") || argument.startsWith("--engine="))) {
            all.addAll(0, List.of("--engine", "spark"));
        }
        Main.main(all.toArray(String[]::new));
    }

    private Submit() {}
}

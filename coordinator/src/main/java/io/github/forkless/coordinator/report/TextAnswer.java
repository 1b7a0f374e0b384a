package io.github.forkless.coordinator.report;

import io.github.forkless.common.value.RecordValue;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.lang.reflect.Array;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Prints an answer for people: a value as it is, a record as lines of name and value, a list of records as a table, another
 * list or an array line by line; of a sweep, one line for each parameter set. What could not be computed is {@code failed}.
 */
public final class TextAnswer {

    public static void print(PrintStream out, ParameterSets grid, List<Object> results) {
        if (!grid.isSweep()) {
            Object answer = results.getFirst();
            boolean isPrinted = answer instanceof List<?> && TableAnswer.printColumns(out, grid, results);
            if (!isPrinted) {
                print(out, answer);
            }
            return;
        }
        int width = 0;
        for (int i = 0; i < results.size(); i++) {
            width = Math.max(width, oneLine(grid.sets().get(i)).length());
        }
        for (int i = 0; i < results.size(); i++) {
            String set = oneLine(grid.sets().get(i));
            out.println(set + " ".repeat(width - set.length() + 2) + oneLine(results.get(i)));
        }
    }

    /** The beginning of what {@link #print} prints. */
    static String start(ParameterSets grid, List<Object> results, int characters) {
        var bytes = new ByteArrayOutputStream();
        // Each result takes a character at the least.
        print(
                new PrintStream(bytes, false, StandardCharsets.UTF_8),
                grid,
                results.subList(0, Math.min(results.size(), characters)));
        String text = bytes.toString(StandardCharsets.UTF_8);
        return text.length() <= characters ? text : text.substring(0, characters) + "\n...";
    }

    private static String oneLine(Object value) {
        if (value == NoAnswer.FAILED) {
            return value.toString();
        }
        if (value instanceof RecordValue r) { // no pattern switch: see Message.write
            return oneLine(r.components());
        } else if (value instanceof Map<?, ?> m) {
            return m.entrySet().stream()
                    .map(entry -> Json.text(entry.getKey()) + "=" + Json.inline(entry.getValue()))
                    .collect(Collectors.joining(" "));
        }
        return Json.inline(value);
    }

    private static void print(PrintStream out, Object answer) {
        if (answer instanceof RecordValue r) {
            printNamed(out, r.components());
        } else if (answer instanceof Map<?, ?> m) {
            printNamed(out, m);
        } else if (answer instanceof List<?> l) {
            l.forEach(item -> out.println(Json.inline(item)));
        } else if (answer != null && answer.getClass().isArray()) {
            for (int i = 0; i < Array.getLength(answer); i++) {
                out.println(Json.inline(Array.get(answer, i)));
            }
        } else if (answer == NoAnswer.FAILED) {
            out.println(answer);
        } else {
            out.println(Json.inline(answer));
        }
    }

    private static void printNamed(PrintStream out, Map<?, ?> named) {
        int width = named.keySet().stream()
                .mapToInt(name -> Json.text(name).length())
                .max()
                .orElse(0);
        named.forEach((name, value) -> {
            String text = Json.text(name);
            out.println(text + " ".repeat(width - text.length() + 2) + Json.inline(value));
        });
    }

    private TextAnswer() {}
}

package io.github.forkless.coordinator.cli;

import java.util.Locale;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** The library's messages name its methods. Who uses the command line reads the options that stand for them. */
final class OptionNames {
    /** {@code PoolOptions.withWorkerMemory}, {@code PoolOptions.withNuma(MIRROR)}. */
    private static final Pattern METHOD = Pattern.compile("\\b(?:Pool|Run)Options\\.with(\\w+)(?:\\((\\w+)\\))?");

    /** Where the name is another one. */
    private static final Map<String, String> OPTIONS = Map.of(
            "JvmOptions", "--jvm-option",
            "Environment", "--env",
            "Debugger", "--debug-worker");

    private OptionNames() {}

    /** A message of the library, as the command line's own. */
    static String inCommand(String message) {
        return METHOD.matcher(message)
                .replaceAll(OptionNames::option)
                .replace("use DatasetFile.open(path, type) with one of", "give --type with one of")
                .replace("use DatasetFile.open(path, type) with", "give --type")
                .replace("use DatasetFile.open(path, type)", "give --type")
                .replace("DatasetFile.open(path, type)", "--type")
                .replace("DatasetFile.openRecords(path, length)", "--type record:LENGTH")
                .replace("DatasetFile.column(name)", "--column NAME")
                .replace("NamedJob.withDataset", "--with")
                .replace("no such file; check the name", "no such file; check the name, or write it with --generate");
    }

    private static String option(MatchResult method) {
        String option = OPTIONS.getOrDefault(method.group(1), hyphened(method.group(1)));
        String value = method.group(2);
        return value == null ? option : option + " " + value.toLowerCase(Locale.ROOT);
    }

    private static String hyphened(String name) {
        return name.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT).replaceFirst("^-", "--");
    }
}

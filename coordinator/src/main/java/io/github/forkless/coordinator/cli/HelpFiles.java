package io.github.forkless.coordinator.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.UsageMessageSpec;

/**
 * The manual page and the shell completion, written by the build from what the commands declare: {@code man1/coordinator.1}
 * as troff's man macros have it, and a script for bash, which zsh reads too.
 */
final class HelpFiles {

    /** @param args the folder for them, named {@code share} in a package */
    public static void main(String[] args) throws IOException {
        Path share = Path.of(args[0]);
        write(share.resolve("man/man1/coordinator.1"), manual());
        write(share.resolve("bash-completion/completions/coordinator"), CompletionScript.of(commands()));
    }

    private static void write(Path file, String content) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, content);
    }

    private static Map<String, CommandSpec> commands() {
        Map<String, CommandSpec> commands = new LinkedHashMap<>();
        Main.all().subcommands().forEach((name, command) -> commands.put(name, command.getCommandSpec()));
        return commands;
    }

    private static String manual() {
        CommandSpec all = Main.all();
        var page = new StringBuilder(".TH COORDINATOR 1 \"\" \"Forkless\" \"User Commands\"\n");
        page.append(".SH NAME\ncoordinator \\- ")
                .append(lowerCase(description(all)))
                .append('\n');
        page.append(".SH SYNOPSIS\n.B coordinator\n[run] [OPTIONS] DATA\n.br\n.B coordinator\nCOMMAND [OPTIONS] ...\n");
        page.append(".SH DESCRIPTION\n").append(text(description(all))).append('\n');
        page.append("The answer, and nothing else, goes to standard output.\n");
        for (CommandLine command : all.subcommands().values()) {
            describe(command.getCommandSpec(), page);
        }
        page.append(".SH EXIT STATUS\n");
        item("0", "The answer is complete.", page);
        item("1", "The job failed, or its answer is not complete.", page);
        item("2", "The command line is wrong.", page);
        item("3", "The data cannot be used: missing, unreadable, truncated, changed while it was read.", page);
        item("130, 143", "Stopped by SIGINT, SIGTERM.", page);
        item("141", "Whoever reads the answer has enough of it.", page);
        page.append(".SH ENVIRONMENT\n");
        item("JAVA_HOME", "The JDK to try first.", page);
        item("FORKLESS_JAVA_OPTS", "More options for the coordinator's JVM, separated by blanks.", page);
        item("FORKLESS_DAEMON", "auto: start a resident coordinator on first use; no: have none answer.", page);
        item(
                "JAVA_TOOL_OPTIONS, JDK_JAVA_OPTIONS, _JAVA_OPTIONS",
                "More options for all its JVMs, as for any other.",
                page);
        item(
                "XDG_CACHE_HOME",
                "Where what speeds up its start is kept, if the folder of the program is another user's.",
                page);
        page.append(".SH EXAMPLES\n.nf\n");
        for (String line : all.usageMessage().footer()) {
            page.append(text(line)).append('\n');
        }
        return page.append(".fi\n").toString();
    }

    private static void describe(CommandSpec command, StringBuilder page) {
        page.append(".SH COORDINATOR ")
                .append(command.name().toUpperCase(Locale.ROOT))
                .append('\n');
        page.append(text(description(command))).append('\n');
        Stream.concat(command.positionalParameters().stream(), command.options().stream())
                .filter(argument -> !argument.hidden())
                .forEach(argument -> item(synopsis(argument), description(argument), page));
    }

    private static String synopsis(ArgSpec argument) {
        if (!(argument instanceof OptionSpec option)) {
            return argument.paramLabel();
        }
        String names = String.join(", ", option.names());
        return option.arity().max() == 0 ? names : names + "=" + option.paramLabel();
    }

    private static String description(ArgSpec argument) {
        return String.join(" ", argument.description())
                .replace("${DEFAULT-VALUE}", String.valueOf(argument.defaultValue()));
    }

    private static String description(CommandSpec command) {
        UsageMessageSpec usage = command.usageMessage();
        return Stream.of(usage.description()).collect(Collectors.joining(" "));
    }

    private static void item(String name, String description, StringBuilder page) {
        page.append(".TP\n.B ")
                .append(text(name))
                .append('\n')
                .append(text(description))
                .append('\n');
    }

    private static String lowerCase(String sentence) {
        String without = sentence.endsWith(".") ? sentence.substring(0, sentence.length() - 1) : sentence;
        return text(Character.toLowerCase(without.charAt(0)) + without.substring(1));
    }

    /** A line that begins with a period or an apostrophe would be a request to troff. */
    private static String text(String line) {
        String escaped = line.replace("\\", "\\e").replace("-", "\\-");
        return escaped.startsWith(".") || escaped.startsWith("'") ? "\\&" + escaped : escaped;
    }

    private HelpFiles() {}
}

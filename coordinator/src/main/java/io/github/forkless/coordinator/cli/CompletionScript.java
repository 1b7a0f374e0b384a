package io.github.forkless.coordinator.cli;

import io.github.forkless.common.dataset.ElementType;
import io.github.forkless.coordinator.EngineKind;
import io.github.forkless.coordinator.cli.LabCommand.Experiment;
import io.github.forkless.coordinator.generate.Distribution;
import io.github.forkless.coordinator.machine.Numa;
import io.github.forkless.coordinator.machine.Pin;
import io.github.forkless.worker.jobs.BuiltInJobs;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * A script by which bash completes command lines, and zsh by way of its bashcompinit. It knows commands, options, and values
 * that are words. Where it has none of these to offer, the shell offers its files; where both may stand, both are offered. Behind
 * an option whose value is neither a word nor a file, there is nothing.
 */
final class CompletionScript {
    /** Labels of values that are files. */
    private static final List<String> FILES = List.of("FILE", "PATH", "DIR");

    private static final Map<String, String> VALUES = Map.of(
            "--job", words(BuiltInJobs.all().keySet().stream()),
            "--engine",
                    words(Stream.concat(
                            Stream.of(EngineKind.values()).map(EngineKind::label), Stream.of(GivenEngine.SPARK))),
            "--pin", words(Stream.of(Pin.values())),
            "--numa", words(Stream.of(Numa.values()).filter(numa -> numa != Numa.NONE)),
            "--type", ElementType.labels().replace(",", ""),
            "--dist", words(Stream.of(Distribution.values())));

    /** What is neither an option nor a file. */
    private static final Map<String, String> ARGUMENTS = Map.of(
            "jobs", VALUES.get("--job"), "lab", words(Stream.of(Experiment.values())), "daemon", "start status stop");

    /** Where a word or a file may stand. */
    private static final Set<String> WORDS_OR_FILES = Set.of("--job", "jobs");

    private final StringBuilder script = new StringBuilder();

    static String of(Map<String, CommandSpec> commands) {
        return new CompletionScript().write(commands);
    }

    private String write(Map<String, CommandSpec> commands) {
        line("# Completion for bash, and for zsh: autoload -U bashcompinit && bashcompinit, then source this.");
        line("_coordinator() {");
        line("    local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD-1]}");
        line("    local command=run words='' before='' nothing='' files='' names");
        line("    [ \"$COMP_CWORD\" = 1 ] || case ${COMP_WORDS[1]} in");
        line("        " + String.join(" | ", commands.keySet()) + ") command=${COMP_WORDS[1]} ;;");
        line("    esac");
        line("    case $previous,$current in # --option=value is three words in bash, and one in zsh");
        line("        *,=) current='' ;;");
        line("        =,*) previous=${COMP_WORDS[COMP_CWORD-2]} ;;");
        line("        --with,*=*) before=${current%%=*}= current=${current#*=} ;;");
        line("        *,--*=*) previous=${current%%=*} before=$previous= current=${current#*=} ;;");
        line("    esac");
        line("    case $command,$previous,$current in");
        commands.forEach(this::writeValues);
        commands.forEach((name, command) -> choice(name + ",*,-*", "words='" + options(command) + "'"));
        ARGUMENTS.forEach((name, words) -> choice(name + ",*", offered(name, words)));
        line("        *) [ \"$COMP_CWORD\" != 1 ] || words='" + String.join(" ", commands.keySet()) + "' files=yes ;;");
        line("    esac");
        line("    [ -z \"$nothing\" ] || compopt +o default 2>/dev/null"); // zsh has none
        line("    COMPREPLY=($(compgen -P \"$before\" -W \"$words\" -- \"$current\"))");
        line("    # Where a word fits, no shell offers its files; nor does zsh behind --option=.");
        line("    if [ -n \"$files\" ] && [ -n \"$before${COMPREPLY[*]}\" ]; then");
        line("        if [ -n \"$ZSH_VERSION\" ]; then");
        line("            eval 'setopt localoptions bareglobqual; names=(\"$current\"*(N:q))'");
        line("        else");
        line("            compopt -o filenames");
        line("            mapfile -t names < <(compgen -f -- \"$current\")");
        line("        fi");
        line("        [ ${#names[@]} = 0 ] || COMPREPLY+=(\"${names[@]/#/$before}\")");
        line("    fi");
        line("}");
        line("complete -o default -F _coordinator coordinator");
        return script.toString();
    }

    /** What comes behind each option that has a value. */
    private void writeValues(String name, CommandSpec command) {
        for (OptionSpec option : command.options()) {
            String pattern = name + "," + option.longestName() + ",*";
            if (VALUES.containsKey(option.longestName())) {
                choice(pattern, offered(option.longestName(), VALUES.get(option.longestName())));
            } else if (FILES.stream().anyMatch(option.paramLabel()::startsWith)) {
                choice(pattern, "files=yes");
            } else if (option.paramLabel().endsWith("=FILE")) {
                choice(pattern, "nothing=yes files=$before"); // a file behind the name
            } else if (option.arity().min() > 0) {
                choice(pattern, "nothing=yes");
            }
        }
    }

    private static String offered(String before, String words) {
        return "words='" + words + "'" + (WORDS_OR_FILES.contains(before) ? " files=yes" : "");
    }

    private static String options(CommandSpec command) {
        return command.options().stream().map(OptionSpec::longestName).collect(Collectors.joining(" "));
    }

    private void choice(String pattern, String action) {
        line("        " + pattern + ") " + action + " ;;");
    }

    private void line(String line) {
        script.append(line).append('\n');
    }

    private static String words(Stream<?> names) {
        return names.map(name -> name.toString().toLowerCase(Locale.ROOT)).collect(Collectors.joining(" "));
    }
}

package io.github.forkless.coordinator.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Stack;
import picocli.CommandLine.Help;
import picocli.CommandLine.IParameterPreprocessor;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.Model.UsageMessageSpec;
import picocli.CommandLine.TypeConversionException;

/**
 * What a command can be given: declares it to picocli, and reads what was typed. A command has a field for each argument.
 *
 * <p>picocli's annotations would say the same. Reading them makes a fresh JVM generate seven classes and a dozen method
 * handles, which takes 30 ms of every start, and as much again of another core's time.
 */
final class Arguments implements IParameterPreprocessor, ITypeConverter<String> {
    /** Stands for the value of an option that was given without one. */
    static final String NO_VALUE = "0";

    private final CommandSpec spec;

    private boolean mayBeAnswered;

    /** The groups of options in the help, in its order; a heading and the number of the options before it, for each. */
    private final List<String> headings = new ArrayList<>();

    private final List<Integer> starts = new ArrayList<>();

    /**
     * One argument.
     *
     * @param <T> the type of its value
     */
    static final class Argument<T> {
        private final ArgSpec spec;

        private Argument(ArgSpec spec) {
            this.spec = spec;
        }

        /** {@code --procs}. */
        String name() {
            return ((OptionSpec) spec).longestName();
        }

        /** What was typed; empty if it was not. */
        Optional<T> value() {
            return Optional.ofNullable(spec.getValue());
        }

        /** What was typed, or {@code otherwise}. */
        T or(T otherwise) {
            return value().orElse(otherwise);
        }

        /** The value of an argument that has to be given, or has a default. */
        T get() {
            return value().orElseThrow();
        }
    }

    /** Makes a value of what was typed. */
    @FunctionalInterface
    interface Parser<T> {
        /** @throws IllegalArgumentException when it is not one; the message tells the user why */
        T parse(String text);
    }

    /**
     * @param name the command's
     * @param description one sentence
     */
    Arguments(String name, String description) {
        spec = CommandSpec.create().name(name).versionProvider(new Version());
        spec.usageMessage().description(description).sortOptions(false);
    }

    /** Has the launcher take {@code --no-daemon}, too. */
    Arguments answeredByResident() {
        mayBeAnswered = true;
        return this;
    }

    /** What picocli is to know. The options that every command has come last. */
    CommandSpec spec() {
        if (spec.findOption("--help") == null) {
            if (!headings.isEmpty()) {
                group("About the command:");
            }
            if (mayBeAnswered) {
                flag(
                        "--no-daemon",
                        "have no resident coordinator answer this command (default: one that is there does)");
            }
            spec.addOption(OptionSpec.builder("-h", "--help")
                    .usageHelp(true)
                    .description("Show this help message and exit.")
                    .build());
            spec.addOption(OptionSpec.builder("-V", "--version")
                    .versionHelp(true)
                    .description("Print version information and exit.")
                    .build());
        }
        return spec;
    }

    /** Begins a group of options in the help, with those that are declared from now on. */
    void group(String heading) {
        headings.add(heading);
        starts.add(spec.options().size());
    }

    /** Has the help show the groups, and not all options in its first line. */
    void showGroups() {
        if (headings.isEmpty()) {
            return;
        }
        UsageMessageSpec usage = spec.usageMessage();
        usage.abbreviateSynopsis(true);
        usage.sectionMap().put(UsageMessageSpec.SECTION_KEY_OPTION_LIST, this::groups);
    }

    private String groups(Help help) {
        List<OptionSpec> options = spec.options();
        var text = new StringBuilder();
        for (int i = 0; i < headings.size(); i++) {
            int end = i + 1 < headings.size() ? starts.get(i + 1) : options.size();
            Help.Layout layout = help.createDefaultLayout();
            layout.addOptions(options.subList(starts.get(i), end), help.parameterLabelRenderer());
            text.append(System.lineSeparator())
                    .append(help.colorScheme().ansi().string("@|bold " + headings.get(i) + "|@"))
                    .append(System.lineSeparator())
                    .append(layout);
        }
        return text.toString();
    }

    /** All that was typed. */
    List<String> typed() {
        return spec.commandLine().getParseResult().originalArgs();
    }

    /** An option with a value: {@code --tasks N}. */
    <T> Argument<T> option(String name, String label, Parser<T> parser, String description) {
        return add(value(name, label, parser, description));
    }

    /** An option that cannot be left out. */
    <T> Argument<T> requiredOption(String name, String label, Parser<T> parser, String description) {
        return add(value(name, label, parser, description).required(true));
    }

    /** An option that has the value {@code otherwise} where none is typed. */
    <T> Argument<T> optionOr(String otherwise, String name, String label, Parser<T> parser, String description) {
        return add(value(name, label, parser, description).defaultValue(otherwise));
    }

    /** An option that may be given several times; or once, with values between {@code separator}s, unless that is empty. */
    <T> Argument<List<T>> options(String name, String label, String separator, Parser<T> parser, String description) {
        return add(OptionSpec.builder(name)
                .paramLabel(label)
                .type(List.class)
                .auxiliaryTypes(Object.class)
                .arity("1")
                .splitRegex(separator)
                .converters(converter(parser))
                .description(description));
    }

    /**
     * An option whose value, a whole number, may be left out: {@code --serve 8080}, or {@code --serve DATA}. What is read is
     * what was typed, or {@link #NO_VALUE}. This is what reads it: no start has to load a class for that.
     */
    Argument<String> numberOrNone(String name, String label, String description) {
        return add(OptionSpec.builder(name)
                .paramLabel(label)
                .type(Object.class)
                .arity("0..1")
                .preprocessor(this)
                .converters(this)
                .description(description));
    }

    /** What is behind the option and no number belongs to the command, unless it was typed in one word with the option. */
    @Override
    public boolean preprocess(Stack<String> args, CommandSpec command, ArgSpec option, Map<String, Object> info) {
        boolean isAttached = !info.get("separator").equals(" ");
        if (!isAttached && (args.isEmpty() || !args.peek().matches("[0-9]+"))) {
            args.push(NO_VALUE);
        }
        return false;
    }

    @Override
    public String convert(String text) {
        return text;
    }

    /** An option without a value: {@code --json}. */
    Argument<Boolean> flag(String name, String description) {
        return add(OptionSpec.builder(name).type(boolean.class).description(description));
    }

    /** The next positional parameter: {@code DATA}. */
    <T> Argument<T> parameter(String label, boolean required, Parser<T> parser, String description) {
        PositionalParamSpec parameter = PositionalParamSpec.builder()
                .index(Integer.toString(spec.positionalParameters().size()))
                .arity(required ? "1" : "0..1")
                .required(required)
                .paramLabel(label)
                .type(Object.class)
                .converters(converter(parser))
                .description(description)
                .build();
        spec.addPositional(parameter);
        return new Argument<>(parameter);
    }

    /** All positional parameters, of which there may be any number: {@code DATA...}. */
    <T> Argument<List<T>> parameters(String label, boolean required, Parser<T> parser, String description) {
        PositionalParamSpec parameter = PositionalParamSpec.builder()
                .index("0..*")
                .arity("1")
                .required(required)
                .paramLabel(label)
                .type(List.class)
                .auxiliaryTypes(Object.class)
                .converters(converter(parser))
                .description(description)
                .build();
        spec.addPositional(parameter);
        return new Argument<>(parameter);
    }

    private static <T> OptionSpec.Builder value(String name, String label, Parser<T> parser, String description) {
        return OptionSpec.builder(name)
                .paramLabel(label)
                .type(Object.class)
                .arity("1")
                .converters(converter(parser))
                .description(description);
    }

    private <T> Argument<T> add(OptionSpec.Builder builder) {
        OptionSpec option = builder.build();
        spec.addOption(option);
        return new Argument<>(option);
    }

    private static <T> ITypeConverter<T> converter(Parser<T> parser) {
        return text -> {
            try {
                return parser.parse(text);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(e.getMessage());
            }
        };
    }
}

package io.github.forkless.coordinator.cli;

import io.github.forkless.common.dataset.Dataset;
import io.github.forkless.common.dataset.DatasetFile;
import io.github.forkless.common.dataset.ForeignFormat;
import io.github.forkless.common.dataset.Layout;
import io.github.forkless.common.text.Printable;
import io.github.forkless.common.text.Text;
import io.github.forkless.coordinator.cli.Arguments.Argument;
import io.github.forkless.coordinator.generate.Sizes;
import io.github.forkless.coordinator.info.DatasetHead;
import io.github.forkless.coordinator.info.PageCache;
import io.github.forkless.coordinator.machine.FilePages;
import io.github.forkless.coordinator.machine.Machine;
import io.github.forkless.coordinator.machine.SystemCallException;
import io.github.forkless.coordinator.result.InvalidRequestException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Collectors;

/** {@code coordinator info DATA}, {@code coordinator info --machine}. */
final class InfoCommand implements Command {
    private final Arguments arguments = new Arguments(
                    "info",
                    "Says what a dataset holds and how much of it is in the page cache, or what the machine has.")
            .answeredByResident();
    /** In a listing there are no more. */
    private static final int SHOWN_FILES = 20;

    private final Argument<List<Path>> data =
            arguments.parameters("DATA", false, Parsers::file, "the dataset: a file, several, a folder, or a pattern");
    private final Argument<Boolean> machine =
            arguments.flag("--machine", "show the processors and memory nodes of this machine that may be used");
    private final Argument<GivenType> type = arguments.option(
            "--type", "T", Parsers::givenType, "element type of a raw file (default: from the extension)");

    @Override
    public Arguments arguments() {
        return arguments;
    }

    @Override
    public int run() throws IOException {
        if (machine.or(false)) {
            MachineInfo.print(System.out, Machine.read());
        } else if (data.value().isEmpty()) {
            throw new InvalidRequestException("info needs DATA, the file to look at, or --machine");
        }
        if (data.value().isPresent()) {
            printData();
        }
        return ExitCode.OK;
    }

    private void printData() throws IOException {
        List<Path> given = data.get();
        if (Parsers.areSeveral(given)) {
            Dataset dataset = DataFiles.open(given, type.value());
            if (dataset.parts().size() > 1) {
                printFiles(dataset);
                return;
            }
            given = List.of(dataset.parts().getFirst().path());
        }
        printFile(given.getFirst());
    }

    private static void printFiles(Dataset dataset) throws IOException {
        long size = 0;
        long cached = 0;
        for (DatasetFile file : dataset.parts()) {
            size += file.identity().size();
            cached += PageCache.residentBytes(file.path()).orElse(0);
        }
        System.out.println("path      " + Printable.line(dataset.path().toString()));
        System.out.println("type      " + dataset.layout().label());
        System.out.println(Text.format("%-10s%d", dataset.layout().unit(), dataset.count()));
        System.out.println("size      " + size + " bytes (" + Sizes.format(size) + ")");
        System.out.println(
                "cached    " + Text.format("%d bytes (%.1f %%)", cached, 100.0 * cached / Math.max(1, size)));
        System.out.println("files     " + dataset.parts().size());
        for (DatasetFile file :
                dataset.parts().subList(0, Math.min(SHOWN_FILES, dataset.parts().size()))) {
            System.out.println(Text.format(
                    "  %-14d %s",
                    file.count(),
                    Printable.line(dataset.path().relativize(file.path()).toString())));
        }
        if (dataset.parts().size() > SHOWN_FILES) {
            System.out.println("  and " + (dataset.parts().size() - SHOWN_FILES) + " more");
        }
    }

    private void printFile(Path path) throws IOException {
        if (type.value().isEmpty() && TableInfo.print(path, System.out)) {
            printCached(path, Files.size(path));
            return;
        }
        DatasetFile file = GivenType.open(path, type.value());
        if (type.value().isPresent()) {
            ForeignFormat.warningFor(file).ifPresent(warning -> System.err.println("coordinator: " + warning));
        }
        long size = file.identity().size();
        System.out.println("path      " + Printable.line(file.path().toString()));
        System.out.println("type      " + file.layout().label());
        System.out.println(Text.format("%-10s%d", file.layout().unit(), file.count()));
        if (file.layout() instanceof Layout.Numbers numbers && numbers.shape().size() > 1) {
            System.out.println("shape     " + Layout.words(numbers.shape()));
        }
        System.out.println("size      " + size + " bytes (" + Sizes.format(size) + ")"
                + (file.offset() == 0 ? "" : ", data from byte " + file.offset()));
        if (file.layout() instanceof Layout.Table table) {
            TableInfo.printColumns(table.columns(), System.out, _ -> "");
        } else {
            System.out.println("first     " + DatasetHead.first(file));
            System.out.println("last      " + DatasetHead.last(file));
        }
        printCached(file.path(), size);
    }

    private static void printCached(Path file, long size) throws IOException {
        OptionalLong cached = PageCache.residentBytes(file);
        System.out.println("cached    "
                + (cached.isEmpty()
                        ? "unknown: the kernel tells only those who may write the file"
                        : Text.format(
                                "%d bytes (%.1f %%)",
                                cached.getAsLong(), 100.0 * cached.getAsLong() / Math.max(1, size))));
        if (cached.orElse(0) > 0 && Machine.read().nodes().size() > 1) {
            System.out.println("nodes     " + nodes(file));
        }
    }

    /** On which of them so much is that is in memory. */
    private static String nodes(Path file) throws IOException {
        try (var pages = new FilePages(file)) {
            return pages.bytesByNode().entrySet().stream()
                    .map(node -> Sizes.format(node.getValue()) + " on " + node.getKey())
                    .collect(Collectors.joining(", "));
        } catch (SystemCallException e) {
            return "unknown: " + e.getMessage();
        }
    }
}

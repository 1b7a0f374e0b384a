package io.github.forkless.coordinator;

import io.github.forkless.coordinator.cli.SharedResident;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * A page of the documentation whose commands have been run: those after {@code $} in blocks marked console.
 *
 * @param text the page
 * @param promised for each command, in the page's order, what the page says that it prints
 * @param printed what it did print, on both streams
 */
record Document(String text, Map<String, String> promised, Map<String, String> printed) {
    private static final Path HOME = Path.of(System.getProperty("forkless.home"));
    /** The folder that holds docs: of the checkout that is being built. */
    static final Path CHECKOUT = Path.of("..").toAbsolutePath().normalize();

    private static final List<String> ALONE = List.of("kill ", "--prove-sharing", "--pin");
    private static final Pattern BLOCK = Pattern.compile("```console\n(.*?)```", Pattern.DOTALL);
    private static final Pattern COMMAND = Pattern.compile("^\\$ (.*)\n((?:(?!\\$ ).*\n)*)", Pattern.MULTILINE);

    /**
     * @param folder is made to look like the checkout from its top; commands leave their files in it
     * @param resident answers those of Forkless that are neither killed nor about its workers
     */
    static Document run(Path page, Path folder, SharedResident resident) throws IOException, InterruptedException {
        Files.createDirectories(folder.resolve("coordinator/bin"));
        Files.createDirectories(folder.resolve("coordinator/target"));
        Files.createSymbolicLink(folder.resolve("coordinator/bin/coordinator"), HOME.resolve("bin/coordinator"));
        Files.createSymbolicLink(folder.resolve("coordinator/target/forkless"), HOME);
        Files.createSymbolicLink(folder.resolve("docs"), CHECKOUT.resolve("docs"));
        String text = Files.readString(page);
        Map<String, String> promised = new LinkedHashMap<>();
        Map<String, String> printed = new LinkedHashMap<>();
        for (MatchResult block : BLOCK.matcher(text).results().toList()) {
            for (MatchResult command : COMMAND.matcher(block.group(1)).results().toList()) {
                promised.put(command.group(1), command.group(2));
                printed.put(command.group(1), shell(command.group(1), folder, resident));
            }
        }
        return new Document(text, promised, printed);
    }

    private static String shell(String command, Path folder, SharedResident resident)
            throws IOException, InterruptedException {
        Path out = folder.resolve("printed.txt");
        var builder = new ProcessBuilder("sh", "-c", command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(out.toFile());
        String java = Path.of(System.getProperty("java.home"), "bin").toString();
        builder.environment().merge("PATH", java, (path, first) -> first + File.pathSeparator + path);
        if (ALONE.stream().noneMatch(command::contains)) {
            resident.prepare(builder);
        }
        Process process = builder.start();
        try {
            process.waitFor();
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
        return Files.readString(out);
    }
}

package io.github.forkless.coordinator.daemon;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A launcher that asks for its command to be answered. It is the process that the user started: its arguments, its folder, its
 * environment and where it prints are found in {@code /proc}.
 *
 * @param pid the launcher's
 * @param argumentCount how many the command has; they are its last ones
 * @param locale that it has chosen for the command
 * @param terminals which of its {@code out} and {@code err} are terminals
 * @param home the installation that it belongs to
 * @param javaHome the JDK that it would use
 */
public record Client(long pid, int argumentCount, String locale, String terminals, String home, String javaHome) {
    /** Of the request. The launcher has it, too. */
    private static final String VERSION = "2";

    /** The launcher's copy of its stdout. Its 1 is the pipe of the request while it writes that. */
    static final int OUT = 6;

    static final int ERR = 2;
    private static final int REQUEST = 8;

    /** Of names of files, arguments and variables, as this JVM has them. */
    private static final Charset CHARSET = Charset.forName(System.getProperty("sun.jnu.encoding"));

    private static final int FIELDS = 5;
    private static final int ACCESS_MODE = 3;

    /**
     * Reads three lines: version and four fields with blanks between them, a minus for nothing; the installation; the JDK.
     *
     * @return empty if it was killed before it had asked
     */
    static Optional<Client> read(BufferedReader request) throws IOException {
        String line = request.readLine();
        String home = request.readLine();
        String javaHome = request.readLine();
        if (javaHome == null) {
            return Optional.empty();
        }
        String[] fields = line.split(" ");
        try {
            if (fields.length == FIELDS && fields[0].equals(VERSION)) {
                return Optional.of(new Client(
                        Long.parseLong(fields[1]), Integer.parseInt(fields[2]), fields[3], fields[4], home, javaHome));
            }
        } catch (NumberFormatException e) {
            // as below
        }
        throw new IOException("not a request of version " + VERSION + ": " + line);
    }

    /** One that asks for nothing, to practise with. */
    static Client ofThisProcess(String locale) {
        return new Client(ProcessHandle.current().pid(), 0, locale, "", "", "");
    }

    /** What was typed. */
    public String[] arguments() throws IOException {
        byte[] bytes = Files.readAllBytes(proc("cmdline"));
        String text = new String(bytes, CHARSET);
        String[] all = text.split("\0", -1);
        int end = all.length - 1; // each ends with a zero byte
        if (argumentCount < 0 || argumentCount > end) {
            throw new IOException("pid " + pid + " has " + end + " arguments, expected are " + argumentCount);
        }
        List<String> arguments = Arrays.asList(all).subList(end - argumentCount, end);
        return arguments.toArray(String[]::new);
    }

    /** Its environment when it was started, with the locale that it has chosen. */
    public Map<String, String> environment() {
        try {
            Map<String, String> variables = Surroundings.environment(pid, CHARSET);
            variables.put(Surroundings.CHOSEN_LOCALE, locale);
            return variables;
        } catch (IOException e) {
            return Map.of(); // killed, and this process with it
        }
    }

    /** Whether all of its environment is in the charset that it has chosen, so that it can be passed on. */
    boolean hasText() throws IOException {
        byte[] bytes = Files.readAllBytes(proc("environ"));
        return Arrays.equals(new String(bytes, CHARSET).getBytes(CHARSET), bytes);
    }

    /** Whether it is the process that has this pipe open. In another container its pid may be that of another process here. */
    boolean holds(Path request) throws IOException {
        return Files.isSameFile(file(REQUEST), request);
    }

    /** What is behind its stdout. */
    public Path out() {
        return file(OUT);
    }

    /** The same of its stderr. */
    public Path err() {
        return file(ERR);
    }

    private Path file(int descriptor) {
        return proc("fd").resolve(Integer.toString(descriptor));
    }

    /** Where it was started. */
    public Path folder() {
        return proc("cwd");
    }

    /** Whether nothing can be written to its stdout or stderr, which is open all the same. */
    boolean isMute() throws IOException {
        return isReadOnly(OUT) || isReadOnly(ERR);
    }

    private boolean isReadOnly(int descriptor) throws IOException {
        for (String line : Files.readAllLines(proc("fdinfo").resolve(Integer.toString(descriptor)))) {
            if (line.startsWith("flags:")) {
                return (Integer.parseInt(line.substring("flags:".length()).strip(), 8) & ACCESS_MODE) == 0;
            }
        }
        return false;
    }

    private Path proc(String name) {
        return Path.of("/proc", Long.toString(pid), name);
    }
}

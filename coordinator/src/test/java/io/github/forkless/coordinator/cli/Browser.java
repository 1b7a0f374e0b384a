package io.github.forkless.coordinator.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.forkless.coordinator.report.Json;
import io.github.forkless.testing.Patience;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A headless Chromium with a window and a profile of its own, told what to do through its DevTools protocol. Remembers
 * every complaint and every request of the pages that it shows.
 */
public final class Browser implements AutoCloseable {
    private static final List<String> NAMES = List.of("chromium", "chromium-browser", "google-chrome");
    private static final String LISTENING = "DevTools listening on ";
    private static final Duration DEADLINE = Duration.ofSeconds(30);

    /** What a page says that something is wrong. */
    private static final List<String> COMPLAINTS =
            List.of("Runtime.exceptionThrown", "Runtime.consoleAPICalled", "Log.entryAdded");

    private final Process process;
    private final Path profile;
    private final HttpClient http;
    private final WebSocket socket;
    private final BlockingQueue<Map<String, Object>> received = new LinkedBlockingQueue<>();
    private final List<String> complaints = new ArrayList<>();
    private final List<String> requests = new ArrayList<>();
    private int calls;

    /** A new one; where there is no program for it on the PATH, the test is skipped, and says so. */
    public static Browser start() throws IOException, InterruptedException {
        Optional<Path> program = program();
        if (program.isEmpty()) {
            System.err.println(
                    "what needs a browser is not tested: there is no chromium on the PATH; apt-get install chromium");
        }
        assumeTrue(program.isPresent(), "no chromium on the PATH");
        return new Browser(program.get());
    }

    private static Optional<Path> program() {
        return Stream.of(System.getenv("PATH").split(":"))
                .flatMap(folder -> NAMES.stream().map(name -> Path.of(folder, name)))
                .filter(Files::isExecutable)
                .findFirst();
    }

    private Browser(Path program) throws IOException, InterruptedException {
        profile = Files.createTempDirectory("forkless-browser");
        process = new ProcessBuilder(
                        program.toString(),
                        "--headless",
                        "--no-sandbox",
                        "--disable-gpu",
                        "--disable-quic",
                        "--no-first-run",
                        "--disable-background-networking",
                        "--disable-component-update",
                        "--disable-sync",
                        "--remote-debugging-port=0",
                        "--user-data-dir=" + profile,
                        "about:blank")
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        URI browser = URI.create(listening(process.errorReader()));
        http = HttpClient.newHttpClient();
        socket = http.newWebSocketBuilder()
                .buildAsync(page(browser), new Listener())
                .join();
        for (String domain : List.of("Page", "Runtime", "Log", "Network")) {
            call(domain + ".enable", Map.of());
        }
    }

    private static String listening(BufferedReader stderr) throws IOException {
        for (String line = stderr.readLine(); line != null; line = stderr.readLine()) {
            if (line.startsWith(LISTENING)) {
                Thread.ofPlatform().daemon().start(() -> stderr.lines().forEach(_ -> {})); // or it would block
                return line.substring(LISTENING.length());
            }
        }
        throw new IOException("the browser ended before it listened");
    }

    private URI page(URI browser) throws IOException, InterruptedException {
        URI list = URI.create("http://127.0.0.1:" + browser.getPort() + "/json/list");
        String pages = http.send(HttpRequest.newBuilder(list).build(), HttpResponse.BodyHandlers.ofString())
                .body();
        return ParsedJson.maps(ParsedJson.object("{\"pages\":" + pages + "}").get("pages")).stream()
                .filter(page -> "page".equals(page.get("type")))
                .map(page -> URI.create((String) page.get("webSocketDebuggerUrl")))
                .findFirst()
                .orElseThrow();
    }

    private final class Listener implements WebSocket.Listener {
        private final StringBuilder text = new StringBuilder();

        @Override
        public CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
            text.append(data);
            if (last) {
                received.add(ParsedJson.object(text.toString()));
                text.setLength(0);
            }
            from.request(1);
            return null;
        }
    }

    /** Opens a file, in a window of this size, and waits until its script is through. */
    public void open(Path file, int width, int height, String colorScheme) throws InterruptedException {
        open(file.toUri(), width, height, colorScheme, "yes");
    }

    /** The same for a page from anywhere, whose script says how far it is. */
    void open(URI page, int width, int height, String colorScheme, String drawn) throws InterruptedException {
        complaints.clear();
        requests.clear();
        call(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", width < 600));
        call(
                "Emulation.setEmulatedMedia",
                Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", colorScheme))));
        call("Page.navigate", Map.of("url", page.toString()));
        long deadline = System.nanoTime() + Patience.of(DEADLINE).toNanos();
        while (!drawn.equals(run("document.readyState === 'complete' && document.documentElement.dataset.drawn"))) {
            assertThat(System.nanoTime()).as("%s; %s", page, complaints).isLessThan(deadline);
        }
    }

    /** The value of an expression; a promise is waited for. */
    public Object run(String script) throws InterruptedException {
        Map<String, Object> answer =
                call("Runtime.evaluate", Map.of("expression", script, "returnByValue", true, "awaitPromise", true));
        assertThat(answer).as(script).doesNotContainKey("exceptionDetails");
        return ParsedJson.map(answer.get("result")).get("value");
    }

    /** What the page has complained of since it was opened. */
    public List<String> complaints() {
        return complaints;
    }

    /** What the page has asked for since it was opened. */
    List<String> requests() {
        return requests;
    }

    private Map<String, Object> call(String method, Map<String, Object> parameters) throws InterruptedException {
        int id = ++calls;
        socket.sendText(json(Map.of("id", id, "method", method, "params", parameters)), true)
                .join();
        while (true) {
            Map<String, Object> message = received.poll(Patience.of(DEADLINE).toNanos(), TimeUnit.NANOSECONDS);
            assertThat(message).as("the answer to " + method).isNotNull();
            if (message.get("id") instanceof Integer answered && answered == id) {
                assertThat(message).as(method).containsKey("result");
                return ParsedJson.map(message.get("result"));
            }
            if (COMPLAINTS.contains("" + message.get("method"))) {
                complaints.add(message.toString());
            }
            if ("Network.requestWillBeSent".equals(message.get("method"))) {
                Map<String, Object> request =
                        ParsedJson.map(ParsedJson.map(message.get("params")).get("request"));
                requests.add((String) request.get("url"));
            }
        }
    }

    private static String json(Map<String, Object> value) {
        return Json.of(new LinkedHashMap<>(value));
    }

    @Override
    public void close() throws IOException {
        socket.abort();
        http.shutdownNow();
        List<ProcessHandle> all = Stream.concat(Stream.of(process.toHandle()), process.descendants())
                .toList();
        all.forEach(ProcessHandle::destroyForcibly);
        all.forEach(each -> each.onExit().join()); // or they might write to the profile
        try (Stream<Path> files = Files.walk(profile)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}

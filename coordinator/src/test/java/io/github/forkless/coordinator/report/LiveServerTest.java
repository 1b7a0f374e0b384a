package io.github.forkless.coordinator.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.forkless.common.dataset.DatasetFile;
import io.github.forkless.common.dataset.ElementType;
import io.github.forkless.common.dataset.FileIdentity;
import io.github.forkless.common.dataset.Layout;
import io.github.forkless.common.dataset.Slice;
import io.github.forkless.common.wire.Message.Assignment;
import io.github.forkless.coordinator.cli.ParsedJson;
import io.github.forkless.coordinator.result.InvalidRequestException;
import io.github.forkless.coordinator.result.Recording;
import io.github.forkless.coordinator.result.RunFailedException;
import io.github.forkless.testing.Patience;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LiveServerTest {
    private static final long PID = 4711;

    private final Recording recording = Recording.ofAttempts();
    private final Request request = new Request(
            "sum",
            Optional.of(new DatasetFile(
                    Path.of("/data.bin"), Layout.of(ElementType.INT32, 0, 100), new FileIdentity(1, 2, 400, 0, 0))),
            Map.of(),
            "processes",
            1,
            new ParameterSets(List.of(Map.of()), false),
            recording,
            Optional.empty());
    private final LiveServer server = LiveServer.open(0);
    private final URI address = URI.create(server.address());

    {
        server.start(request, false);
    }

    @AfterEach
    void close() {
        server.close();
    }

    @Test
    void whoDoesNotKnowTheTokenIsToldNothing() throws Exception {
        String path = address.getPath();
        assertThat(path).matches("/[0-9a-f]{32}/");
        char last = path.charAt(path.length() - 2);
        String wrong = path.substring(0, path.length() - 2) + (last == '0' ? '1' : '0') + "/";

        for (String other : List.of("/", "/run.json", wrong, wrong + "run.json", path.substring(0, 20), "/" + path)) {
            assertThat(get(other)).as(other).startsWith("HTTP/1.1 403 ").doesNotContain("data.bin", "<html");
        }
        assertThat(get(path)).startsWith("HTTP/1.1 200 ").contains("<title>Forkless run</title>");
        assertThat(get(path + "run.json")).startsWith("HTTP/1.1 200 ").contains("/data.bin");
        assertThat(get(path + "other")).startsWith("HTTP/1.1 404 ");
    }

    @Test
    void aNameThatIsNotThisMachinesLeadsNowhere() throws Exception {
        String get = "GET " + address.getPath() + " HTTP/1.1\r\nConnection: close\r\n";
        int port = address.getPort();

        for (String host :
                List.of("evil.example:" + port, "127.0.0.1", "localhost:1", "127.0.0.1.evil.example:" + port)) {
            assertThat(ask(get + "Host: " + host + "\r\n\r\n")).as(host).startsWith("HTTP/1.1 403 ");
        }
        assertThat(ask(get + "\r\n")).startsWith("HTTP/1.1 403 ");
        assertThat(ask(get + "Host: 127.0.0.1:" + port + "\r\nHost: evil.example\r\n\r\n"))
                .doesNotStartWith("HTTP/1.1 200 ");
        assertThat(ask(get + "Host: localhost:" + port + "\r\n\r\n")).startsWith("HTTP/1.1 200 ");
    }

    @Test
    void thereIsNothingToDoButToLook() throws Exception {
        for (String method : List.of("POST", "PUT", "DELETE", "OPTIONS", "HEAD")) {
            assertThat(ask(method + " " + address.getPath() + " HTTP/1.1\r\nConnection: close\r\nHost: 127.0.0.1:"
                            + address.getPort() + "\r\nContent-Length: 0\r\n\r\n"))
                    .as(method)
                    .startsWith("HTTP/1.1 405 ");
        }
        assertThat(get(address.getPath()).toLowerCase(Locale.ROOT))
                .contains(
                        "cache-control: no-store",
                        "referrer-policy: no-referrer",
                        "x-content-type-options: nosniff",
                        "content-security-policy: frame-ancestors 'none'",
                        "default-src 'none'",
                        "connect-src 'self'")
                .doesNotContain("access-control-");
    }

    @Test
    void onlyThisMachineReachesIt() {
        assertThatThrownBy(() -> {
                    try (var other = new Socket()) {
                        other.connect(new InetSocketAddress("127.0.0.2", address.getPort()));
                    }
                })
                .isInstanceOf(IOException.class);
    }

    @Test
    void aPortThatIsTakenOrNoneIsRefused() {
        assertThatExceptionOfType(InvalidRequestException.class)
                .isThrownBy(() -> LiveServer.open(address.getPort()))
                .withMessageContaining("--serve " + address.getPort())
                .withMessageContaining("give another");
        assertThatExceptionOfType(InvalidRequestException.class)
                .isThrownBy(() -> LiveServer.open(65_536))
                .withMessageContaining("from 1 to 65535");
    }

    @Test
    void onlyWhatIsNewIsTold() throws Exception {
        recording.workerStarted(0, PID, "");
        recording.submitted();
        recording.planned(2, 400);
        attempt(0);

        Map<String, Object> first = run("attempts=0&workers=0&since=0");
        assertThat(ParsedJson.maps(first.get("workers"))).extracting("index").containsExactly(0);
        assertThat(tasks(first)).containsExactly(0L);
        assertThat(ParsedJson.map(first.get("progress"))).containsEntry("bytes", 400);

        attempt(1);
        Map<String, Object> second = run("attempts=1&workers=1&since=0.1");
        assertThat(tasks(second)).containsExactly(1L);
        assertThat(ParsedJson.maps(second.get("workers"))).hasSize(1); // for it may have changed

        recording.workerEnded(PID, "killed by SIGKILL", System.nanoTime());
        assertThat(ParsedJson.maps(run("attempts=2&workers=1&since=0.2").get("workers")))
                .extracting("end")
                .containsExactly("killed by SIGKILL");
        assertThat(ParsedJson.maps(run("attempts=2&workers=1&since=1e6").get("workers")))
                .isEmpty();
        assertThat(get(address.getPath() + "run.json?attempts=x")).startsWith("HTTP/1.1 400 ");
    }

    @Test
    void aPageThatWaitsLearnsOfTheEndAndIsWaitedFor() throws Exception {
        var answer = new CompletableFuture<String>();
        Thread.ofVirtual().start(() -> {
            try {
                answer.complete(get(address.getPath() + "run.json?page=a&wait=20000"));
            } catch (Exception e) {
                answer.completeExceptionally(e);
            }
        });
        assertThat(Patience.awaits(Duration.ofSeconds(5), server::arePagesThere))
                .isTrue();
        end();
        long from = System.nanoTime();
        server.close();

        assertThat(answer.join()).startsWith("HTTP/1.1 200 ").contains("\"over\":true", "a bad job");
        assertThat(Patience.excuses(Duration.ofSeconds(1), Duration.ofNanos(System.nanoTime() - from)))
                .isTrue();
    }

    @Test
    void aPageThatDoesNotAskAgainIsNotWaitedForLong() throws Exception {
        run("page=a");
        end();
        long from = System.nanoTime();
        server.close();

        assertThat(Patience.excuses(Duration.ofSeconds(3), Duration.ofNanos(System.nanoTime() - from)))
                .isTrue();
        assertThat(Thread.getAllStackTraces().keySet())
                .extracting(Thread::getName)
                .noneMatch(name -> name.contains("forkless-serve"));
        assertThatThrownBy(() -> get(address.getPath())).isInstanceOf(IOException.class);
    }

    @Test
    void slowAndHugeRequestsKeepNobodyFromThePage() throws Exception {
        List<Socket> slow = new ArrayList<>();
        try {
            for (int i = 0; i < 300; i++) {
                var socket = new Socket(InetAddress.getByName("127.0.0.1"), address.getPort());
                slow.add(socket);
                try {
                    socket.getOutputStream().write("GET / HTT".getBytes(StandardCharsets.US_ASCII));
                } catch (IOException e) {
                    // one too many
                }
            }
            assertThat(Patience.awaits(Duration.ofSeconds(10), () -> {
                        try {
                            return get(address.getPath()).startsWith("HTTP/1.1 200 ");
                        } catch (IOException e) {
                            return false;
                        }
                    }))
                    .isTrue();
        } finally {
            for (Socket socket : slow) {
                socket.close();
            }
        }
        try {
            assertThat(ask("GET " + address.getPath() + " HTTP/1.1\r\nX: " + "x".repeat(1 << 20) + "\r\n\r\n"))
                    .doesNotStartWith("HTTP/1.1 200 ");
        } catch (IOException e) {
            // it did not even listen
        }
        assertThat(get(address.getPath())).startsWith("HTTP/1.1 200 ");
    }

    private void attempt(int task) {
        var assignment = new Assignment(1, task, 1, 0, 1, new Slice(task * 50L, task * 50L + 50), false);
        recording.failed(PID, false, System.nanoTime(), assignment, Recording.Outcome.THREW);
    }

    private void end() {
        var failure = new RunFailedException("a bad job", List.of());
        server.ended(List.of(), RunFacts.ofFailure(request, failure, "a bad job", false), Optional.empty());
    }

    private Map<String, Object> run(String query) throws IOException {
        String answer = get(address.getPath() + "run.json?" + query);
        Map<String, Object> news = ParsedJson.object(answer.substring(answer.indexOf("\r\n\r\n") + 4));
        return ParsedJson.map(ParsedJson.map(news.get("doc")).get("run"));
    }

    private static List<Long> tasks(Map<String, Object> run) {
        return ((List<?>) ParsedJson.map(run.get("timeline")).get("task"))
                .stream().map(ParsedJson::integer).toList();
    }

    private String get(String path) throws IOException {
        return ask(
                "GET " + path + " HTTP/1.1\r\nConnection: close\r\nHost: 127.0.0.1:" + address.getPort() + "\r\n\r\n");
    }

    private String ask(String text) throws IOException {
        try (var socket = new Socket(InetAddress.getByName("127.0.0.1"), address.getPort())) {
            socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (answer.isEmpty()) {
                throw new IOException("no answer");
            }
            return answer;
        }
    }
}

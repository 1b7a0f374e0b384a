package io.github.forkless.coordinator.report;

import com.fasterxml.jackson.core.JsonGenerator;
import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.github.forkless.coordinator.result.InvalidRequestException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Shows a run in a browser while it runs. Only programs of this machine reach it, and only who knows the token in its address is
 * told anything. A page asks again and again for what is new, and is answered when there is something to show or the run is
 * over; the server keeps nothing of what it has told.
 *
 * <p>Whoever comes, there are no more than so many connections, none of which takes long; a virtual thread serves each.
 */
public final class LiveServer implements AutoCloseable {
    private static final int MAX_PORT = 65_535;
    private static final int TOKEN_BYTES = 16;

    private static final int MAX_CONNECTIONS = 64;

    /** How long a page may wait for news; the server's own limit of an answer is above that. */
    private static final long MAX_WAIT_MILLIS = 20_000;

    private static final int MAX_RESPONSE_SECONDS = 40;
    private static final int MAX_REQUEST_SECONDS = 2;
    private static final int MAX_HEADER_BYTES = 16 << 10;

    /** So much of a run is in one answer: about 2 MB. */
    private static final int MAX_ATTEMPTS = 20_000;

    /** How long the end waits for the pages to be told of it. */
    private static final long LAST_MILLIS = 2_000;

    /** A page that has not asked for so long, while it could, is not there any more. */
    private static final long PRESENT_NANOS = 3_000_000_000L;

    static { // the JDK's server reads them once
        System.setProperty("jdk.httpserver.maxConnections", "" + MAX_CONNECTIONS);
        System.setProperty("sun.net.httpserver.maxReqTime", "" + MAX_REQUEST_SECONDS);
        System.setProperty("sun.net.httpserver.maxRspTime", "" + MAX_RESPONSE_SECONDS);
        System.setProperty("sun.net.httpserver.maxReqHeaderSize", "" + MAX_HEADER_BYTES);
    }

    private final HttpServer server;
    private final ExecutorService threads = Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("forkless-serve").factory());
    private final byte[] token;
    private final byte[] page;

    private Request request;
    private Environment environment;
    /** When there is one. */
    private End end;

    private boolean isClosed;
    /** When pages that have not been told the end have asked last; {@link Long#MAX_VALUE} while they wait for an answer. */
    private final Map<String, Long> pages = new HashMap<>();

    private record End(List<Object> results, RunFacts facts, Optional<SharingProof> sharing) {}

    /**
     * Takes a port of this machine.
     *
     * @param port 0 for one that is free
     * @throws InvalidRequestException when it cannot be had
     */
    public static LiveServer open(int port) {
        if (port < 0 || port > MAX_PORT) {
            throw new InvalidRequestException(
                    "--serve " + port + ": a port is from 1 to 65535, or 0 for one that is free");
        }
        try {
            return new LiveServer(port);
        } catch (BindException e) {
            throw new InvalidRequestException("--serve " + port + ": that port of this machine cannot be had ("
                    + e.getMessage() + "); give another, or none for one that is free");
        } catch (IOException e) {
            throw new InvalidRequestException("--serve " + port + ": the run cannot be shown: " + e.getMessage());
        }
    }

    private LiveServer(int port) throws IOException {
        byte[] random = new byte[TOKEN_BYTES];
        new SecureRandom().nextBytes(random);
        token = HexFormat.of().formatHex(random).getBytes(StandardCharsets.US_ASCII);
        page = bytes(HtmlReport::writeLive);
        server = HttpServer.create(new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), port), 0);
        server.createContext("/", this::handle);
        server.setExecutor(threads);
    }

    /** Where a browser finds the page. */
    public String address() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/" + new String(token, StandardCharsets.US_ASCII)
                + "/";
    }

    /** Begins to tell of a run. */
    public void start(Request of, boolean showsSecrets) {
        request = of;
        environment = Environment.of(of.arguments(), showsSecrets);
        server.start();
    }

    /**
     * The run is over.
     *
     * @param results none, if it failed
     */
    public synchronized void ended(List<Object> results, RunFacts facts, Optional<SharingProof> sharing) {
        end = new End(results, facts, sharing);
        notifyAll();
    }

    /** Ends the server. If pages are there, they have a moment to learn of the run's end. */
    @Override
    public void close() {
        awaitPages();
        server.stop(0);
        threads.shutdownNow();
    }

    private synchronized void awaitPages() {
        isClosed = true;
        notifyAll();
        long until = System.nanoTime() + LAST_MILLIS * 1_000_000;
        try {
            for (long left = LAST_MILLIS; left > 0 && end != null && arePagesThere(); ) {
                wait(Math.min(left, 100));
                left = (until - System.nanoTime()) / 1_000_000;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // then at once
        }
    }

    /** Whether a page has not been told the end, and is likely to ask for it. */
    synchronized boolean arePagesThere() {
        long now = System.nanoTime();
        for (long asked : pages.values()) {
            if (asked == Long.MAX_VALUE || now - asked < PRESENT_NANOS) {
                return true;
            }
        }
        return false;
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            String path = exchange.getRequestURI().getRawPath();
            if (!isForUs(exchange) || !hasToken(path)) {
                answer(
                        exchange,
                        403,
                        "text/plain",
                        text("403: the address of this run has a token; see what the command has printed\n"));
            } else if (!exchange.getRequestMethod().equals("GET")) {
                exchange.getResponseHeaders().set("Allow", "GET");
                answer(exchange, 405, "text/plain", text("405: there is nothing to do here but to look\n"));
            } else {
                answer(exchange, path.substring(token.length + 2));
            }
        }
    }

    private void answer(HttpExchange exchange, String name) throws IOException {
        switch (name) {
            case "" -> answer(exchange, 200, "text/html", page);
            case "run.json" -> tell(exchange);
            default -> answer(exchange, 404, "text/plain", text("404: there is no such page\n"));
        }
    }

    private static void answer(HttpExchange exchange, int code, String type, byte[] content) throws IOException {
        Headers headers = exchange.getResponseHeaders();
        headers.set("Content-Type", type + "; charset=utf-8");
        headers.set("Cache-Control", "no-store");
        headers.set("Content-Security-Policy", "frame-ancestors 'none'");
        headers.set("Cross-Origin-Resource-Policy", "same-origin");
        headers.set("Referrer-Policy", "no-referrer");
        headers.set("X-Content-Type-Options", "nosniff");
        if (exchange.getRequestMethod().equals("HEAD")) { // or the server complains on stderr
            exchange.sendResponseHeaders(code, -1);
            return;
        }
        exchange.sendResponseHeaders(code, content.length);
        try (OutputStream body = exchange.getResponseBody()) { // what is not closed may not be sent yet
            body.write(content);
        }
    }

    /** A page of another site, which has its own name lead here, has that in what it asks. */
    private boolean isForUs(HttpExchange exchange) {
        List<String> hosts = exchange.getRequestHeaders().getOrDefault("Host", List.of());
        int port = server.getAddress().getPort();
        String suffix = port == 80 ? "" : ":" + port;
        return hosts.size() == 1
                && (hosts.getFirst().equals("127.0.0.1" + suffix)
                        || hosts.getFirst().equals("localhost" + suffix));
    }

    /** In a time that says nothing of how much of it is right. */
    private boolean hasToken(String path) {
        int end = token.length + 1;
        return path.length() > end
                && path.charAt(end) == '/'
                && MessageDigest.isEqual(path.substring(1, end).getBytes(StandardCharsets.UTF_8), token);
    }

    private void tell(HttpExchange exchange) throws IOException {
        String query = exchange.getRequestURI().getRawQuery();
        Map<String, String> asked = new HashMap<>();
        for (String each : query == null ? new String[0] : query.split("&")) {
            int equals = each.indexOf('=');
            if (equals > 0) {
                asked.put(each.substring(0, equals), each.substring(equals + 1));
            }
        }
        String name = asked.getOrDefault("page", "");
        byte[] content;
        boolean isLast = false;
        try {
            int attempts = number(asked, "attempts");
            var known = new RunJson.Known(
                    attempts,
                    number(asked, "workers"),
                    Double.parseDouble(asked.getOrDefault("since", "0")),
                    attempts + MAX_ATTEMPTS);
            End over = await(name, Math.min(number(asked, "wait"), MAX_WAIT_MILLIS));
            // What is told of the end is all that there is.
            boolean hasMore = request.recording().attempts() > known.endAttempt();
            isLast = over != null && !hasMore;
            End toTell = isLast ? over : null;
            content = bytes(out -> write(out, toTell, known, hasMore));
        } catch (NumberFormatException e) {
            left(name, true);
            answer(exchange, 400, "text/plain", text("400: not what this page asks\n"));
            return;
        } catch (InterruptedException e) {
            return; // the server ends
        }
        try {
            answer(exchange, 200, "application/json", content);
        } catch (IOException e) {
            isLast = true; // the page is gone
            throw e;
        } finally {
            left(name, isLast);
        }
    }

    private static int number(Map<String, String> asked, String name) {
        return Math.clamp(Integer.parseInt(asked.getOrDefault(name, "0")), 0, Integer.MAX_VALUE - MAX_ATTEMPTS);
    }

    /** The end of the run, if there is one in that time; else null. */
    private synchronized End await(String name, long millis) throws InterruptedException {
        long now = System.nanoTime();
        pages.values().removeIf(asked -> asked != Long.MAX_VALUE && now - asked > PRESENT_NANOS);
        if (pages.size() < MAX_CONNECTIONS) {
            pages.put(name, Long.MAX_VALUE);
        }
        long until = System.nanoTime() + millis * 1_000_000;
        for (long left = millis; left > 0 && end == null && !isClosed; left = (until - System.nanoTime()) / 1_000_000) {
            wait(left);
        }
        return end;
    }

    private synchronized void left(String name, boolean isTold) {
        if (isTold) {
            pages.remove(name);
        } else {
            pages.replace(name, System.nanoTime());
        }
        notifyAll();
    }

    /** @param over null while the run is under way, or not all of it is told */
    private void write(Writer out, End over, RunJson.Known known, boolean hasMore) throws IOException {
        try (JsonGenerator json = Json.to(out)) {
            json.writeStartObject();
            json.writeBooleanField("over", over != null);
            json.writeBooleanField("more", hasMore);
            json.writeFieldName("doc");
            if (over == null) {
                JsonAnswer.write(json, List.of(), RunFacts.ofRunning(request, environment), Optional.empty(), known);
            } else {
                JsonAnswer.write(json, List.of(), over.facts, over.sharing, known);
                json.writeFieldName("answer");
                HtmlReport.writeText(json, request.sets(), over.results);
                json.writeFieldName("table");
                HtmlReport.writeTable(json, request.sets(), over.results);
            }
            json.writeEndObject();
        }
    }

    private static byte[] bytes(OutputFile.Content content) {
        var bytes = new ByteArrayOutputStream();
        try (var out = new OutputStreamWriter(bytes, StandardCharsets.UTF_8)) {
            content.writeTo(out);
        } catch (IOException e) {
            throw new UncheckedIOException("a page has no bytes", e);
        }
        return bytes.toByteArray();
    }

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}

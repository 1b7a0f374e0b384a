package io.github.forkless.coordinator.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.forkless.common.dataset.ElementType;
import io.github.forkless.coordinator.cli.Launcher.Outcome;
import io.github.forkless.coordinator.cli.Launcher.Running;
import io.github.forkless.testing.LongTest;
import io.github.forkless.testing.Patience;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run in a real browser, while it runs. */
class LiveIT {
    private static final Pattern ADDRESS =
            Pattern.compile("this run is shown at (http://127\\.0\\.0\\.1:\\d+/[0-9a-f]{32}/)\n");

    @TempDir
    private Path folder;

    @Test
    void thePageFollowsTheRunAndBecomesItsLastOne() throws Exception {
        Files.write(folder.resolve("data.bin"), TestData.random(ElementType.INT32, 1 << 18, 1));
        TestJobs.Gate gate = TestJobs.Gate.in(folder);
        try (Browser browser = Browser.start();
                Running run =
                        new Launcher(folder).start(gate.job("--procs", "2", "--tasks", "8", "--serve", "data.bin"))) {
            long first = gate.awaitWaiting(2).getFirst();
            URI address = addressOf(run);

            browser.open(address, 1200, 900, "light", "live");
            assertThat(text(browser, "badge")).isEqualTo("running");
            assertThat(text(browser, "headline")).startsWith("0 %");
            browser.run("document.getElementById('filter').value = 'failed'");

            ProcessHandle.of(first).orElseThrow().destroyForcibly();
            awaits(browser, "failures", "killed by SIGKILL");
            assertThat(text(browser, "badge")).isEqualTo("running");

            gate.open();
            Outcome outcome = run.await();
            assertThat(outcome.exit()).as(outcome.stderr()).isZero();

            awaits(browser, "badge", "complete");
            assertThat(text(browser, "headline")).isEqualTo(outcome.stdout().strip());
            assertThat(text(browser, "live")).startsWith("The command has ended.");
            assertThat(text(browser, "tiles")).contains("tasks8", "failed attempts1");
            // It is looked at as it was before.
            assertThat(browser.run("document.getElementById('filter').value")).isEqualTo("failed");
            assertThat(browser.complaints()).isEmpty();
            assertThat(browser.requests()).allMatch(request -> request.startsWith(address.toString()));
        }
    }

    @LongTest
    @Test
    void aPageOfACommandThatIsStoppedSaysSo() throws Exception {
        Files.write(folder.resolve("data.bin"), TestData.int32(1, 2, 3, 4));
        TestJobs.Gate gate = TestJobs.Gate.in(folder);
        try (Browser browser = Browser.start();
                Running run = new Launcher(folder).start(gate.job("--procs", "1", "--serve=0", "data.bin"))) {
            gate.awaitWaiting(1);
            browser.open(addressOf(run), 1200, 900, "light", "live");

            run.signal("TERM");
            assertThat(run.await().exit()).isEqualTo(143);

            awaits(browser, "badge", "lost");
            assertThat(text(browser, "live")).contains("does not answer any more", "This is how far it was.");
            assertThat(text(browser, "title")).isEqualTo("Gate over data.bin");
        }
    }

    @Test
    void aPortThatIsTakenIsSaidBeforeAnythingIsDone() throws Exception {
        try (var taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            Files.write(folder.resolve("data.bin"), TestData.int32(1, 2, 3, 4));
            String port = "" + taken.getLocalPort();

            assertThat(new Launcher(folder)
                            .run("--procs", "1", "--serve", port, "data.bin")
                            .error(2))
                    .startsWith("--serve " + port + ": that port of this machine cannot be had");
        }
    }

    private static URI addressOf(Running run) throws InterruptedException {
        run.await(() -> ADDRESS.matcher(run.printed().stderr()).find());
        Matcher address = ADDRESS.matcher(run.printed().stderr());
        assertThat(address.find()).isTrue();
        return URI.create(address.group(1));
    }

    private static void awaits(Browser browser, String id, String part) throws Exception {
        boolean holds = Patience.awaits(Duration.ofSeconds(10), () -> {
            try {
                return text(browser, id).contains(part);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        assertThat(holds).as("%s; %s", text(browser, id), browser.complaints()).isTrue();
    }

    private static String text(Browser browser, String id) throws InterruptedException {
        return (String) browser.run("document.getElementById('" + id + "').textContent");
    }
}

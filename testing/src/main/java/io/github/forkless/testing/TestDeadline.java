package io.github.forkless.testing;

import java.time.Duration;
import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.LauncherSessionListener;

/**
 * A test that takes longer than this is stuck: it fails, with a dump of all threads, instead of holding up the build for
 * ever. Nothing else is meant by the time, so that no test needs one of its own.
 */
public final class TestDeadline implements LauncherSessionListener {
    private static final Duration STUCK = Duration.ofMinutes(1);

    private static final String PROPERTY = "junit.jupiter.execution.timeout.default";

    @Override
    public void launcherSessionOpened(LauncherSession session) {
        if (System.getProperty(PROPERTY) == null) {
            System.setProperty(PROPERTY, Patience.of(STUCK).toSeconds() + " s");
        }
    }
}

package io.github.forkless.worker;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.lang.Thread.UncaughtExceptionHandler;
import java.util.Locale;
import java.util.Properties;
import java.util.TimeZone;

/**
 * What a task finds set on its thread and in its JVM, and can set for all that come after it. Each task begins with what
 * the first one had. What is not here stays, as docs/jobs.md says. For the thread that the tasks are done on.
 */
final class AmbientState {
    private final ThreadState thread = new ThreadState();
    private final UncaughtExceptionHandler defaultHandler = Thread.getDefaultUncaughtExceptionHandler();
    private final Locale locale = Locale.getDefault();
    private final Locale displayLocale = Locale.getDefault(Locale.Category.DISPLAY);
    private final Locale formatLocale = Locale.getDefault(Locale.Category.FORMAT);
    private final Properties properties = System.getProperties();
    private final InputStream in = System.in;
    private PrintStream out = System.out;
    private PrintStream err = System.err;
    private boolean isReopened;

    /** Writes out what was printed and is still on this side, also to a stream that a job has put in place of ours. */
    void flushOutput() {
        flush(System.out);
        flush(System.err);
        out.flush();
        err.flush();
    }

    private void flush(PrintStream stream) {
        if (stream == out || stream == err || stream == null) {
            return;
        }
        try {
            stream.flush();
        } catch (Throwable e) { // it is the job's, and so is what is lost
            WorkerMain.say("a stream that the job has set as System.out or System.err cannot be flushed: "
                    + e.getClass().getName() + "\n");
        }
    }

    /** Sets everything as it was. Takes some 30 ns where nothing was changed. */
    void restore() {
        thread.restore();
        if (Thread.getDefaultUncaughtExceptionHandler() != defaultHandler) {
            Thread.setDefaultUncaughtExceptionHandler(defaultHandler);
        }
        restoreLocale();
        TimeZone.setDefault(null); // the one that the JVM had; to ask for it would load all zones
        if (System.getProperties() != properties) {
            System.setProperties(properties);
        }
        restoreStreams();
    }

    private void restoreLocale() {
        if (Locale.getDefault() != locale) {
            Locale.setDefault(locale);
        }
        if (Locale.getDefault(Locale.Category.DISPLAY) != displayLocale) {
            Locale.setDefault(Locale.Category.DISPLAY, displayLocale);
        }
        if (Locale.getDefault(Locale.Category.FORMAT) != formatLocale) {
            Locale.setDefault(Locale.Category.FORMAT, formatLocale);
        }
    }

    private void restoreStreams() {
        if (!isReopened && !(FileDescriptor.out.valid() && FileDescriptor.err.valid())) {
            reopen();
        }
        if (System.in != in) {
            System.setIn(in);
        }
        if (System.out != out) {
            System.setOut(out);
        }
        if (System.err != err) {
            System.setErr(err);
        }
    }

    /** Whoever closes what he has wrapped around System.out closes that, too. The other one leads to the same place. */
    private void reopen() {
        isReopened = true;
        FileDescriptor open = FileDescriptor.err.valid() ? FileDescriptor.err : FileDescriptor.out;
        out = new PrintStream(new FileOutputStream(open), true, out.charset()) {
            @Override
            public void close() {
                flush();
            }
        };
        err = out;
    }
}

package io.github.forkless.importer;

import io.github.forkless.common.dataset.DatasetException;
import io.github.forkless.common.text.Printable;
import io.github.forkless.common.wire.ImportMessage;
import io.github.forkless.common.wire.ImportMessage.Done;
import io.github.forkless.common.wire.ImportMessage.Fault;
import io.github.forkless.common.wire.ImportMessage.Refused;
import java.io.DataOutputStream;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.locks.LockSupport;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * The importer's process: reads one file, writes one table, and tells on stdout, in {@link ImportMessage}s, how it goes. Its stdin
 * ends with the process that has started it. It then removes what it has written, and ends.
 */
final class ImportMain {
    /** The JVM's own exit code when it has been told to end where there is no memory. */
    private static final int OUT_OF_MEMORY = 3;

    private static final int ORPHANED = 71;

    /** Which libraries tell what they have found to work with. */
    private static final Logger LOG = Logger.getLogger("");

    private final DataOutputStream answers = new DataOutputStream(new FileOutputStream(FileDescriptor.out));

    private ImportMain() {}

    /** @param args the file to read, the empty file to write, and the options, each with its value behind it */
    public static void main(String[] args) {
        Locale.setDefault(Locale.ROOT);
        System.setOut(System.err); // what a library prints is no message
        LOG.setLevel(Level.WARNING);
        Path target = Path.of(args[1]);
        Thread.ofPlatform().daemon().name("parent-watch").start(() -> endWithParent(target));
        int code = 1;
        try {
            var main = new ImportMain();
            main.tell(main.run(Path.of(args[0]), target, Arrays.asList(args).subList(2, args.length)));
            code = 0;
        } catch (OutOfMemoryError e) { // one that the JVM leaves to us
            System.err.println("Terminating due to java.lang.OutOfMemoryError: " + e.getMessage());
            code = OUT_OF_MEMORY;
        } catch (Throwable e) {
            e.printStackTrace();
        }
        Runtime.getRuntime().halt(code); // a library's threads may be at work
    }

    private ImportMessage run(Path source, Path target, List<String> options) {
        try (FileChannel out = FileChannel.open(target, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            Importer importer = Importer.of(source, options, this::tell);
            importer.writeTo(out);
            return new Done(importer.summary());
        } catch (ImportRequestException e) {
            return new Refused(Fault.REQUEST, e.getMessage());
        } catch (DatasetException e) {
            return new Refused(Fault.SOURCE, e.getMessage());
        } catch (FileSystemException e) {
            return new Refused(Fault.TARGET, e.getReason() == null ? e.toString() : e.getReason());
        } catch (IOException e) {
            return new Refused(Fault.TARGET, Printable.line(e.getMessage() == null ? e.toString() : e.getMessage()));
        }
    }

    private synchronized void tell(ImportMessage message) {
        try {
            message.writeTo(answers);
        } catch (IOException e) { // nobody listens any more, and the other thread is about to see that
            while (true) {
                LockSupport.park();
            }
        }
    }

    private static void endWithParent(Path target) {
        try (var parent = new FileInputStream(FileDescriptor.in)) {
            while (parent.read() >= 0) {}
        } catch (IOException e) {
            // It cannot be asked whether it is there, which is as good as gone.
        }
        try {
            Files.deleteIfExists(target);
        } catch (IOException e) {
            // The next coordinator that writes a file there removes it.
        }
        Runtime.getRuntime().halt(ORPHANED);
    }
}

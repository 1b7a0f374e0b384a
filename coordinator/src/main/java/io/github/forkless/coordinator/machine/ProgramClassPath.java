package io.github.forkless.coordinator.machine;

import java.io.File;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Where the code of this program is, as the class path of another JVM can name it: its class path, the jars of its module path,
 * and, if another class loader has Forkless, what this loader has.
 */
public final class ProgramClassPath {
    private static final ClassLoader OWN = ProgramClassPath.class.getClassLoader();

    /** A class of each jar that workers need. */
    private static final List<String> NEEDED = List.of(
            "io.github.forkless.common.wire.Message",
            "io.github.forkless.worker.WorkerMain",
            ProgramClassPath.class.getName(),
            "net.openhft.chronicle.bytes.Bytes",
            "net.openhft.chronicle.core.Jvm",
            "net.openhft.posix.PosixAPI",
            "org.slf4j.Logger",
            "org.apache.arrow.flatbuf.Message",
            "com.google.flatbuffers.Table");

    /** @throws IOException when the module path cannot be read, or Forkless is in no file that a class path can name */
    public static String get() throws IOException {
        String classPath = System.getProperty("java.class.path");
        String modulePath = System.getProperty("jdk.module.path");
        if (modulePath == null && OWN == ClassLoader.getSystemClassLoader()) {
            return classPath; // as it is for nearly all
        }
        List<String> entries = new ArrayList<>();
        if (!classPath.isEmpty()) {
            entries.add(classPath);
        }
        if (modulePath != null) {
            for (String entry : modulePath.split(File.pathSeparator)) {
                addModules(Path.of(entry), entries);
            }
        }
        entries.addAll(ofForkless());
        return String.join(File.pathSeparator, entries);
    }

    /** A module path has modules, and folders of modules. */
    private static void addModules(Path entry, List<String> entries) throws IOException {
        if (!Files.isDirectory(entry) || isModule(entry)) {
            entries.add(entry.toString());
            return;
        }
        try (Stream<Path> files = Files.list(entry)) {
            files.filter(file -> file.toString().endsWith(".jar") || isModule(file))
                    .sorted()
                    .forEach(file -> entries.add(file.toString()));
        }
    }

    private static boolean isModule(Path folder) {
        return Files.exists(folder.resolve("module-info.class"));
    }

    /** Of a class loader other than the system's that has Forkless, the files. */
    public static Set<String> ofForkless() {
        return Lazy.OF_FORKLESS;
    }

    private static final class Lazy {
        private static final Set<String> OF_FORKLESS = find();

        private static Set<String> find() {
            Set<String> files = new LinkedHashSet<>();
            if (OWN == ClassLoader.getSystemClassLoader()) {
                return files;
            }
            for (ClassLoader each = OWN; each != null; each = each.getParent()) {
                files.addAll(files(each));
            }
            for (String name : NEEDED) {
                try {
                    file(Class.forName(name, false, OWN)).ifPresent(files::add);
                } catch (ClassNotFoundException | LinkageError e) {
                    // Workers say so, if they need it.
                }
            }
            return files;
        }
    }

    /** The jars and folders that a class loader looks in, if it says so. */
    public static List<String> files(ClassLoader loader) {
        return loader instanceof URLClassLoader files
                ? Stream.of(files.getURLs()).flatMap(url -> file(url).stream()).toList()
                : List.of();
    }

    /** The same, for a class loader that is to be made. */
    public static URL[] urls(List<Path> classPath) {
        var urls = new URL[classPath.size()];
        for (int i = 0; i < urls.length; i++) {
            try {
                urls[i] = classPath.get(i).toUri().toURL();
            } catch (MalformedURLException e) {
                throw new IllegalArgumentException(classPath.get(i).toString(), e);
            }
        }
        return urls;
    }

    /** The jar or folder that a class is from. */
    public static Optional<String> file(Class<?> type) {
        CodeSource source = type.getProtectionDomain().getCodeSource();
        return source == null || source.getLocation() == null ? Optional.empty() : file(source.getLocation());
    }

    private static Optional<String> file(URL url) {
        try {
            return url.getProtocol().equals("file")
                    ? Optional.of(Path.of(url.toURI()).toAbsolutePath().toString())
                    : Optional.empty();
        } catch (URISyntaxException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    public static boolean isOfTheJdk(Class<?> type) {
        ClassLoader loader = type.getClassLoader();
        return loader == null || loader == ClassLoader.getPlatformClassLoader();
    }

    private ProgramClassPath() {}
}

package io.github.forkless.coordinator.cli;

import io.github.forkless.common.dataset.DatasetException;
import io.github.forkless.coordinator.NamedJob;
import io.github.forkless.coordinator.result.InvalidRequestException;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.ForwardingJavaFileObject;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.StandardLocation;
import javax.tools.ToolProvider;

/** Compiles a single {@code .java} file in memory, once for all workers. Nothing of it is run here. */
final class JobCompiler {
    private static final String PREVIEW = "--enable-preview";

    /**
     * @param jvmOptions of the workers, among which may be that they know features of a preview
     * @return the job's class and those that belong to it, without parameters
     * @throws InvalidRequestException with javac's own messages when it does not compile
     */
    static NamedJob compile(
            Path source, List<Path> classPath, List<String> jvmOptions, List<Map<String, String>> parameterSets) {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        if (compiler == null) {
            throw new InvalidRequestException("--job " + source + " needs a JDK to compile it; this is a JRE: "
                    + System.getProperty("java.home"));
        }
        if (!Files.isRegularFile(source)) {
            throw new InvalidRequestException("--job " + source + ": no such file");
        }
        var messages = new StringWriter();
        try (var files = new InMemory(compiler.getStandardFileManager(null, null, null))) {
            String jars = Stream.concat(
                            Stream.of(System.getProperty("java.class.path")),
                            classPath.stream().map(Path::toString))
                    .collect(Collectors.joining(File.pathSeparator));
            var options = new ArrayList<>(List.of("-cp", jars, "-proc:none", "-g", "-Xlint:none", "-parameters"));
            if (jvmOptions.contains(PREVIEW)) {
                options.addAll(List.of(
                        PREVIEW, "-source", Integer.toString(Runtime.version().feature())));
            }
            var units = List.of(new WithoutByteOrderMark(
                    files.delegate().getJavaFileObjects(source).iterator().next()));
            if (!compiler.getTask(messages, files, null, options, null, units).call()) {
                throw new InvalidRequestException("--job " + source + " does not compile:" + System.lineSeparator()
                        + messages.toString().stripTrailing());
            }
            return new NamedJob(mainClass(source, files.classes.keySet()), files.classes(), parameterSets);
        } catch (IOException e) {
            throw DatasetException.unreadable(source, e);
        }
    }

    /** As Java has it, the class is named after its file. */
    private static String mainClass(Path source, Iterable<String> classes) {
        String simpleName = source.getFileName().toString().replaceFirst("\\.java$", "");
        for (String name : classes) {
            if (name.equals(simpleName) || name.endsWith("." + simpleName)) {
                return name;
            }
        }
        throw new InvalidRequestException("--job " + source + " has no class " + simpleName + "; it has "
                + String.join(", ", classes) + ". Name the job's class and its file alike");
    }

    /** Some editors begin a file with a mark, which javac does not expect. */
    private static final class WithoutByteOrderMark extends ForwardingJavaFileObject<JavaFileObject> {
        private static final char MARK = '\ufeff';

        WithoutByteOrderMark(JavaFileObject source) {
            super(source);
        }

        @Override
        public CharSequence getCharContent(boolean ignoreEncodingErrors) throws IOException {
            CharSequence content = super.getCharContent(ignoreEncodingErrors);
            return !content.isEmpty() && content.charAt(0) == MARK ? content.subSequence(1, content.length()) : content;
        }
    }

    /** Keeps the compiled classes. */
    private static final class InMemory extends ForwardingJavaFileManager<StandardJavaFileManager> {
        private final Map<String, ByteArrayOutputStream> classes = new LinkedHashMap<>();

        InMemory(StandardJavaFileManager files) {
            super(files);
        }

        StandardJavaFileManager delegate() {
            return fileManager;
        }

        Map<String, byte[]> classes() {
            Map<String, byte[]> all = new LinkedHashMap<>();
            classes.forEach((name, bytes) -> all.put(name, bytes.toByteArray()));
            return all;
        }

        @Override
        public JavaFileObject getJavaFileForOutput(
                JavaFileManager.Location location, String name, JavaFileObject.Kind kind, javax.tools.FileObject from) {
            assert location == StandardLocation.CLASS_OUTPUT;
            var bytes = new ByteArrayOutputStream();
            classes.put(name, bytes);
            return new SimpleJavaFileObject(URI.create("memory:///" + name.replace('.', '/')), kind) {
                @Override
                public OutputStream openOutputStream() {
                    return bytes;
                }
            };
        }
    }

    private JobCompiler() {}
}

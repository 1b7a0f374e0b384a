package io.github.forkless.coordinator.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.forkless.coordinator.NamedJob;
import io.github.forkless.coordinator.result.InvalidRequestException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import javax.tools.ToolProvider;
import org.assertj.core.api.ThrowableAssertAlternative;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JobCompilerTest {
    private static final List<Map<String, String>> SETS = List.of(Map.of("n", "1"));

    @TempDir
    private Path folder;

    @Test
    void namesTheClassOfTheFileAndKeepsItsNeighbours() {
        NamedJob job = JobCompiler.compile(Path.of(TestJobs.path("Echo.java")), List.of(), List.of(), SETS);

        String name = "io.github.forkless.example.deep.";
        assertThat(job.name()).isEqualTo(name + "Echo");
        assertThat(job.classes()).containsOnlyKeys(name + "Echo", name + "Echo$Said", name + "Helper");
        assertThat(job.classes().values()).allSatisfy(bytes -> assertThat(bytes).startsWith(0xca, 0xfe, 0xba, 0xbe));
        assertThat(job.parameterSets()).isEqualTo(SETS);
    }

    @Test
    void leavesNoFileBehind() throws Exception {
        JobCompiler.compile(source("Plain.java", "public record Plain(int n) {}"), List.of(), List.of(), SETS);

        assertThat(folder).isDirectoryNotContaining(file -> !file.endsWith("Plain.java"));
    }

    @Test
    void takesTheOuterClassNotANestedOneOfTheSameName() throws Exception {
        Path source = source("Job.java", "class Other { static class Job {} } public class Job {}");

        assertThat(JobCompiler.compile(source, List.of(), List.of(), SETS).name())
                .isEqualTo("Job");
    }

    @Test
    void aByteOrderMarkIsNoPartOfTheSource() throws Exception {
        Path source = source("Marked.java", "\ufeffpublic record Marked(int n) {}");

        assertThat(JobCompiler.compile(source, List.of(), List.of(), SETS).name())
                .isEqualTo("Marked");
    }

    @Test
    void findsClassesOnTheClassPath() throws Exception {
        Path library = source("Lib.java", "package lib; public class Lib { public static int one() { return 1; } }");
        Path classes = folder.resolve("classes");
        assertThat(ToolProvider.getSystemJavaCompiler()
                        .run(null, null, null, "-proc:none", "-d", classes.toString(), library.toString()))
                .isZero();
        Path source = source("User.java", "public class User { int n = lib.Lib.one(); }");

        assertThat(JobCompiler.compile(source, List.of(classes), List.of(), SETS)
                        .classes())
                .containsOnlyKeys("User");
        assertRefused(source).withMessageContaining("package lib does not exist");
    }

    @Test
    void showsWhatJavacSays() throws Exception {
        Path source = source("Broken.java", "public class Broken {\n    int n = \"text\";\n}\n");

        assertRefused(source)
                .withMessageStartingWith("--job " + source + " does not compile:\n" + source + ":2: error: ")
                .withMessageContaining("String cannot be converted to int")
                .withMessageEndingWith("1 error");
    }

    @Test
    void doesNotMindWarnings() throws Exception {
        Path source = source("Warned.java", "public class Warned { Thread t; void f() { t.stop(); } }");

        assertThat(JobCompiler.compile(source, List.of(), List.of(), SETS).name())
                .isEqualTo("Warned");
    }

    @Test
    void readsUtf8WhateverTheLocale() throws Exception {
        Path source = source("Text.java", "public class Text { String s = \"\u00e9\u4e2d\"; }");

        byte[] bytes = JobCompiler.compile(source, List.of(), List.of(), SETS)
                .classes()
                .get("Text");

        assertThat(new String(bytes, StandardCharsets.UTF_8)).contains("\u00e9\u4e2d");
    }

    @Test
    void wantsAClassOfTheFilesName() throws Exception {
        assertRefused(source("Other.java", "record Another(int n) {}"))
                .withMessageEndingWith("has no class Other; it has Another. Name the job's class and its file alike");
    }

    @Test
    void aFileWithoutAnyClassSaysSo() throws Exception {
        assertRefused(source("Empty.java", "// nothing yet\n")).withMessageContaining("has no class Empty");
    }

    @Test
    void saysThatThereIsNoSuchFile() {
        assertRefused(folder.resolve("None.java")).withMessageEndingWith("None.java: no such file");
        assertRefused(folder).withMessageContaining("no such file");
    }

    private Path source(String name, String text) throws Exception {
        return Files.writeString(folder.resolve(name), text);
    }

    private static ThrowableAssertAlternative<InvalidRequestException> assertRefused(Path source) {
        return assertThatExceptionOfType(InvalidRequestException.class)
                .isThrownBy(() -> JobCompiler.compile(source, List.of(), List.of(), SETS));
    }
}

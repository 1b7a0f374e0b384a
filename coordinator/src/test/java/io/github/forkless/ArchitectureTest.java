package io.github.forkless;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noMethods;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaFieldAccess;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.github.forkless.coordinator.WorkerPool;
import io.github.forkless.testing.LongTest;
import java.io.ObjectInputStream;
import java.io.ObjectStreamClass;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TimeZone;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestTemplate;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.Isolated;

/** The rules of CONTRIBUTING.md that bytecode can tell. */
class ArchitectureTest {
    private static final String COMMON = "io.github.forkless.common..";
    private static final String WORKER = "io.github.forkless.worker..";
    private static final String IMPORTER = "io.github.forkless.importer..";
    private static final String COORDINATOR = "io.github.forkless.coordinator..";
    private static final String CLI = "io.github.forkless.coordinator.cli..";

    /** What has a worker's streams in its keeping. */
    private static final String AMBIENT_STATE = "io.github.forkless.worker.AmbientState";

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("io.github.forkless");

    private static final JavaClasses TESTS = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.ONLY_INCLUDE_TESTS)
            .importPackages("io.github.forkless");

    @Test
    void allModulesAreLookedAt() {
        for (String module : List.of(COMMON, WORKER, IMPORTER, COORDINATOR, CLI)) {
            assertThat(CLASSES.stream().filter(resideInAPackage(module)))
                    .as(module)
                    .isNotEmpty();
        }
    }

    @Test
    void modulesPointOneWay() {
        noClasses()
                .that()
                .resideInAPackage(COMMON)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(WORKER, IMPORTER, COORDINATOR)
                .because("common is what both sides must agree on, and nothing else")
                .check(CLASSES);
        noClasses()
                .that()
                .resideInAPackage(WORKER)
                .should()
                .dependOnClassesThat()
                .resideInAPackage(COORDINATOR)
                .because("a worker does what it is told by messages")
                .check(CLASSES);
        noClasses()
                .that()
                .resideInAPackage(IMPORTER)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(WORKER, COORDINATOR)
                .because("an importer is a process of its own")
                .check(CLASSES);
        noClasses()
                .that()
                .resideInAnyPackage(WORKER, COORDINATOR)
                .should()
                .dependOnClassesThat()
                .resideInAPackage(IMPORTER)
                .because("the importer is optional")
                .check(CLASSES);
    }

    @Test
    void packagesHaveNoCycles() {
        slices().matching("io.github.forkless.(**)").should().beFreeOfCycles().check(CLASSES);
    }

    /** Each room of the coordinator with the rooms that it may not know; see the package's own description. */
    private static final Map<String, List<String>> UNKNOWN = Map.ofEntries(
            Map.entry("result", List.of("", "run", "schedule", "engine", "process", "code", "placement", "journal")),
            Map.entry("engine", List.of("", "run", "schedule", "process", "code", "placement", "journal")),
            Map.entry("schedule", List.of("", "run", "process", "code", "placement", "journal")),
            Map.entry("run", List.of("", "process", "code", "placement")),
            Map.entry("process", List.of("", "run", "schedule", "code", "journal")),
            Map.entry("threads", List.of("", "run", "schedule", "process", "code", "placement", "journal")),
            Map.entry("placement", List.of("", "run", "schedule", "engine", "process", "code", "journal")),
            Map.entry("code", List.of("", "run", "schedule", "engine", "process", "placement")),
            Map.entry("journal", List.of("", "run", "schedule", "engine", "process", "code", "placement")),
            Map.entry("share", List.of("", "run", "schedule", "engine", "process", "code", "placement", "journal")),
            Map.entry("generate", List.of("", "run", "schedule", "engine", "process", "code", "placement", "journal")));

    @Test
    void roomsOfTheCoordinatorPointOneWay() {
        UNKNOWN.forEach((room, unknown) -> noClasses()
                .that()
                .resideInAPackage(room(room))
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(Stream.concat(unknown.stream(), Stream.of("cli", "daemon", "lab", "report"))
                        .map(ArchitectureTest::room)
                        .toArray(String[]::new))
                .check(CLASSES));
    }

    @Test
    void experimentsKnowOnlyTheApiAndReportsWhatIsReported() {
        List<String> inner = List.of("run", "schedule", "engine", "process", "code", "placement", "journal", "cli");
        Map.of(
                        "lab",
                        inner,
                        "report",
                        Stream.concat(inner.stream(), Stream.of("", "lab")).toList())
                .forEach((room, unknown) -> noClasses()
                        .that()
                        .resideInAPackage(room(room))
                        .should()
                        .dependOnClassesThat()
                        .resideInAnyPackage(
                                unknown.stream().map(ArchitectureTest::room).toArray(String[]::new))
                        .check(CLASSES));
    }

    private static String room(String name) {
        return "io.github.forkless.coordinator" + (name.isEmpty() ? "" : "." + name);
    }

    @Test
    void theLibraryDoesNotKnowTheCommandLine() {
        noClasses()
                .that()
                .resideInAPackage(COORDINATOR)
                .and()
                .resideOutsideOfPackage(CLI)
                .should()
                .dependOnClassesThat()
                .resideInAPackage(CLI)
                .check(CLASSES);
    }

    @Test
    void picocliStaysInTheCommandLine() {
        noClasses()
                .that()
                .resideOutsideOfPackage(CLI)
                .should()
                .dependOnClassesThat()
                .resideInAPackage("picocli..")
                .check(CLASSES);
    }

    @Test
    void chronicleStaysBehindItsDoors() {
        noClasses()
                .that(are(not(named(
                        "io.github.forkless.common.dataset.Block",
                        "io.github.forkless.common.dataset.ChronicleView",
                        "io.github.forkless.common.dataset.RecordBytes",
                        "io.github.forkless.common.dataset.RecordOutput",
                        "io.github.forkless.common.dataset.RecordTypes",
                        "io.github.forkless.common.sample.OrderEvent",
                        "io.github.forkless.common.sample.OrderEvent$Cancelled",
                        "io.github.forkless.common.sample.OrderEvent$Matched",
                        "io.github.forkless.common.sample.OrderEvent$Placed",
                        "io.github.forkless.common.shared.Records",
                        "io.github.forkless.common.value.Marshalled",
                        "io.github.forkless.coordinator.RecordWriter",
                        "io.github.forkless.coordinator.WorkerPool"))))
                .should()
                .dependOnClassesThat()
                .resideInAPackage("net.openhft..")
                .because("its classes cost a start-up, and a JVM that was not started for them a warning")
                .check(CLASSES);
    }

    @Test
    void onlyTheJobLoaderDeserializes() {
        noClasses()
                .that(are(not(named("io.github.forkless.worker.JobLoader"))))
                .should()
                .dependOnClassesThat(belongToAnyOf(ObjectInputStream.class, ObjectStreamClass.class))
                .because("what is deserialized can run code, and the coordinator does not trust a worker with that")
                .check(CLASSES);
    }

    @Test
    void numbersAndWordsAreTheSameInEveryLocale() {
        noClasses()
                .should()
                .callMethodWhere(formattingByTheLocale())
                .because("digits, decimal points and upper case differ by locale: Text.format and Locale.ROOT do not")
                .check(CLASSES);
    }

    @Test
    void onlyTheCommandLineWritesToStandardOutput() {
        noClasses()
                .that(are(not(resideInAPackage(CLI)).and(not(named(AMBIENT_STATE)))))
                .should()
                .accessFieldWhere(standardOutput())
                .because("stdout is for the answer, and in a worker for the protocol")
                .check(CLASSES);
    }

    @Test
    void aWorkerOnlyFlushesStandardOutput() {
        JavaClass state = CLASSES.get(AMBIENT_STATE);

        assertThat(state.getMethodCallsFromSelf().stream()
                        .filter(call -> call.getTargetOwner().isAssignableTo(PrintStream.class))
                        .map(call -> call.getTarget().getName())
                        .distinct())
                .containsExactlyInAnyOrder("flush", "charset");
    }

    /** A number of seconds that suits one machine does not suit the next: TestDeadline has what suits this one. */
    @Test
    void noTestHasADeadlineOfItsOwn() {
        noClasses().should().beAnnotatedWith(Timeout.class).check(TESTS);
        noMethods().should().beAnnotatedWith(Timeout.class).check(TESTS);
        assertThat(System.getProperty("junit.jupiter.execution.timeout.default"))
                .matches("\\d+ s");
    }

    /** Without the one it is never run with the other. */
    @Test
    void whatTakesLongIsATest() {
        methods()
                .that()
                .areAnnotatedWith(LongTest.class)
                .should()
                .beAnnotatedWith(Test.class)
                .orShould()
                .beMetaAnnotatedWith(TestTemplate.class)
                .check(TESTS);
    }

    /** They look at the processes, threads and descriptors of their JVM, where another pool must not have any. */
    @Test
    void testsThatStartWorkersThemselvesAreIntegrationTestsAndRunOneAfterAnother() {
        classes()
                .that(describe("start workers themselves", type -> isTest(type) && startsWorkers(type)))
                .should()
                .haveSimpleNameEndingWith("IT")
                .andShould()
                .beAnnotatedWith(Execution.class)
                .check(TESTS);
    }

    /** Another test that formats a number meanwhile would see it. */
    @Test
    void testsThatChangeTheLocaleOrTheTimeZoneRunAlone() {
        classes()
                .that(describe("change a default of the JVM", type -> isTest(type) && changesDefaults(type)))
                .should()
                .beAnnotatedWith(Isolated.class)
                .check(TESTS);
    }

    private static boolean changesDefaults(JavaClass type) {
        return type.getMethodCallsFromSelf().stream()
                .anyMatch(call -> call.getName().equals("setDefault")
                        && List.of(Locale.class.getName(), TimeZone.class.getName())
                                .contains(call.getTargetOwner().getName()));
    }

    private static boolean isTest(JavaClass type) {
        return type.getMethods().stream()
                .anyMatch(
                        method -> method.isMetaAnnotatedWith(TestTemplate.class) || method.isAnnotatedWith(Test.class));
    }

    private static boolean startsWorkers(JavaClass type) {
        return type.getCodeUnitCallsFromSelf().stream()
                .anyMatch(call -> call.getTargetOwner().isEquivalentTo(WorkerPool.class)
                                && call.getName().equals("open")
                        || call.getTargetOwner().getSimpleName().equals("ProcessEngine"));
    }

    /** These classes and whatever is nested in them. */
    private static DescribedPredicate<JavaClass> named(String... names) {
        return describe(
                "named " + String.join(" or ", names),
                type -> List.of(names).contains(type.getName().replaceFirst("\\$.*", "")));
    }

    private static DescribedPredicate<JavaClass> are(DescribedPredicate<JavaClass> predicate) {
        return describe("are " + predicate.getDescription(), predicate);
    }

    private static DescribedPredicate<JavaMethodCall> formattingByTheLocale() {
        List<String> names = List.of("format", "formatted", "printf", "toLowerCase", "toUpperCase");
        return describe(
                "text depends on the locale",
                call -> names.contains(call.getName())
                        && (call.getTargetOwner().isAssignableTo(String.class)
                                || call.getTargetOwner().isAssignableTo(PrintStream.class)
                                || call.getTargetOwner().isAssignableTo(PrintWriter.class))
                        && call.getTarget().getRawParameterTypes().stream()
                                .noneMatch(type -> type.isEquivalentTo(Locale.class)));
    }

    private static DescribedPredicate<JavaFieldAccess> standardOutput() {
        return describe(
                "System.out is used",
                access -> access.getTargetOwner().isEquivalentTo(System.class)
                        && access.getTarget().getName().equals("out"));
    }
}

package io.github.forkless.coordinator.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import io.github.forkless.coordinator.lab.Again;
import io.github.forkless.coordinator.lab.BreakEven;
import io.github.forkless.coordinator.lab.Consequence;
import io.github.forkless.coordinator.lab.Findings;
import io.github.forkless.coordinator.lab.Isolation;
import io.github.forkless.coordinator.lab.Judgement;
import io.github.forkless.coordinator.lab.Measurement;
import io.github.forkless.coordinator.lab.Repetition;
import io.github.forkless.coordinator.lab.Scaling;
import io.github.forkless.coordinator.lab.Shape;
import io.github.forkless.coordinator.lab.Sharing;
import io.github.forkless.coordinator.report.Json;
import java.io.IOException;
import java.io.PrintStream;
import java.io.StringWriter;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/** The laboratory's findings as one JSON object; docs/lab.md describes it. */
final class LabJson {

    static void print(PrintStream out, Findings findings) throws IOException {
        var text = new StringWriter();
        try (JsonGenerator json = Json.to(text)) {
            write(json, findings);
        }
        out.println(text);
    }

    static void write(JsonGenerator json, Findings findings) throws IOException {
        Json.write(json, object(findings));
    }

    private static Map<String, Object> object(Findings findings) {
        var object = new LinkedHashMap<String, Object>();
        object.put("machine", machine(findings.machine()));
        object.put("complete", findings.isComplete());
        object.put("verdict", Judgement.verdict(findings));
        object.put("warnings", Judgement.warnings(findings));
        findings.sharingSetUp().ifPresent(setUp -> object.put("sharing", sharing(setUp, findings)));
        findings.scalingSetUp().ifPresent(setUp -> object.put("scaling", scaling(setUp, findings)));
        findings.isolationSetUp().ifPresent(setUp -> object.put("isolation", isolation(setUp, findings)));
        findings.againSetUp().ifPresent(setUp -> object.put("again", again(setUp, findings.again())));
        return object;
    }

    private static Map<String, Object> machine(Shape machine) {
        var object = new LinkedHashMap<String, Object>();
        object.put("processors", machine.processors());
        object.put("model", machine.model());
        object.put("memoryBytes", machine.memoryBytes());
        object.put("system", machine.system());
        object.put("java", machine.java());
        return object;
    }

    private static Map<String, Object> sharing(Sharing setUp, Findings findings) {
        Map<String, Object> object = setUp(setUp.elements());
        object.put("jobs", setUp.jobs());
        object.put("procs", setUp.procs());
        List<Map<String, Object>> rows = findings.sharing().stream()
                .map(measured -> row(measured, findings.single()))
                .toList();
        object.put("arrangements", rows);
        findings.breakEven().ifPresent(even -> object.put("breakEven", breakEven(even, findings)));
        return object;
    }

    private static Map<String, Object> breakEven(BreakEven even, Findings findings) {
        var object = new LinkedHashMap<String, Object>();
        object.put("oneThreadSeconds", seconds(even.oneThread()));
        object.put("elementsRead", even.reads());
        Judgement.breakEven(findings).ifPresent(text -> object.put("sentence", text));
        return object;
    }

    private static Map<String, Object> scaling(Scaling setUp, Findings findings) {
        Map<String, Object> object = setUp(setUp.elements());
        List<Map<String, Object>> rows = findings.scaling().stream()
                .map(measured -> scalingRow(measured, findings.oneWorker(measured)))
                .toList();
        object.put("arrangements", rows);
        return object;
    }

    private static Map<String, Object> isolation(Isolation setUp, Findings findings) {
        var object = new LinkedHashMap<String, Object>();
        object.put("procs", setUp.procs());
        object.put("heapBytes", setUp.heapBytes());
        object.put(
                "consequences",
                findings.isolation().stream().map(LabJson::consequence).toList());
        return object;
    }

    private static Map<String, Object> consequence(Consequence consequence) {
        var object = new LinkedHashMap<String, Object>();
        object.put("misbehaviour", consequence.misbehaviour().label());
        object.put("explanation", consequence.misbehaviour().explanation());
        object.put("among", consequence.where());
        object.put("survived", consequence.survived());
        object.put("results", consequence.results());
        object.put("kept", consequence.kept());
        object.put("needsRecovery", consequence.needsRecovery());
        consequence.recovery().ifPresent(time -> object.put("recoverySeconds", seconds(time)));
        consequence.longestPause().ifPresent(time -> object.put("longestPauseSeconds", seconds(time)));
        object.put("culprit", consequence.culprit());
        object.put("othersShare", consequence.others());
        return object;
    }

    private static Map<String, Object> again(Again setUp, List<Repetition> rows) {
        Map<String, Object> object = setUp(setUp.elements());
        object.put("command", setUp.command());
        object.put("times", setUp.times());
        object.put("procs", setUp.procs());
        object.put(
                "repetitions",
                rows.stream().map(row -> repetition(row, rows.getFirst())).toList());
        if (rows.size() > 1) {
            rows.getLast().paysFrom(rows.getFirst()).ifPresent(run -> object.put("paysFromRun", run));
        }
        return object;
    }

    private static Map<String, Object> repetition(Repetition repetition, Repetition cold) {
        var object = new LinkedHashMap<String, Object>();
        object.put("by", repetition.by().name().toLowerCase(Locale.ROOT));
        object.put("meaning", repetition.by().meaning());
        object.put("startSeconds", seconds(repetition.start()));
        object.put("seconds", repetition.times().stream().map(LabJson::seconds).toList());
        object.put("medianSeconds", seconds(repetition.median()));
        object.put("allSeconds", seconds(repetition.total()));
        object.put("cpuSeconds", seconds(repetition.cpu()));
        object.put("speedUp", repetition.speedUpOver(cold));
        object.put("unanswered", repetition.unanswered());
        object.put("waitingPssBytes", repetition.waitingBytes());
        object.put("othersShare", repetition.others());
        return object;
    }

    private static Map<String, Object> setUp(long elements) {
        var object = new LinkedHashMap<String, Object>();
        object.put("elements", elements);
        object.put("bytes", elements * Integer.BYTES);
        return object;
    }

    private static Map<String, Object> row(Measurement measured, Optional<Measurement> base) {
        var object = new LinkedHashMap<String, Object>();
        object.put("arrangement", measured.arrangement().name());
        object.put("meaning", measured.arrangement().meaning());
        object.put("explanation", measured.arrangement().explanation());
        object.put("kernel", measured.kernel().name().toLowerCase(Locale.ROOT));
        object.put("procs", measured.procs());
        object.put("elements", measured.elements());
        object.put("jobs", measured.jobs());
        object.put("whole", measured.isWhole());
        object.put("wallSeconds", seconds(measured.wall()));
        object.put("startSeconds", seconds(measured.start()));
        object.put("workSeconds", seconds(measured.work()));
        object.put("firstResultSeconds", seconds(measured.first()));
        object.put("cpuSeconds", seconds(measured.cpu()));
        object.put("pipedBytes", measured.pipedBytes());
        object.put("processes", measured.processes());
        object.put("pssBytes", measured.proportionalBytes());
        object.put("rssBytes", measured.residentBytes());
        object.put("othersShare", measured.others());
        put(object, "nanosPerElement", measured.nanosPerElement());
        put(object, "speedUp", base.map(measured::speedUpOver).orElse(OptionalDouble.empty()));
        return object;
    }

    private static Map<String, Object> scalingRow(Measurement measured, Optional<Measurement> one) {
        Map<String, Object> object = row(measured, one);
        if (object.get("speedUp") instanceof Double speedUp) {
            object.put("efficiency", speedUp / measured.procs());
        }
        return object;
    }

    private static void put(Map<String, Object> object, String name, OptionalDouble value) {
        if (value.isPresent()) {
            object.put(name, value.getAsDouble());
        }
    }

    static double seconds(Duration time) {
        return time.toNanos() / 1e9;
    }

    private LabJson() {}
}

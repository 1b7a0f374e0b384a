package io.github.forkless.coordinator.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.github.forkless.common.dataset.DatasetFile;
import io.github.forkless.coordinator.Failure;
import io.github.forkless.coordinator.ProcessMemory;
import io.github.forkless.coordinator.RunReport;
import io.github.forkless.coordinator.RunResult;
import java.io.IOException;
import java.io.PrintStream;
import java.io.StringWriter;
import java.util.List;
import java.util.Optional;

/** Prints an answer and how it came about as one JSON object; docs/output.md describes it. */
final class JsonAnswer {

    static void print(PrintStream out, String jobName, DatasetFile dataset, ParameterGrid grid, RunResult result)
            throws IOException {
        var text = new StringWriter();
        try (JsonGenerator json = new JsonFactory().createGenerator(text)) {
            json.writeStartObject();
            json.writeStringField("job", jobName);
            json.writeObjectFieldStart("data");
            json.writeStringField("path", dataset.path().toString());
            json.writeNumberField("bytes", dataset.bytes());
            json.writeStringField("type", dataset.type().label());
            json.writeNumberField("count", dataset.count());
            json.writeEndObject();
            json.writeFieldName("result");
            writeResults(json, grid, result.results());
            json.writeFieldName("run");
            writeRun(json, dataset, result.report());
            json.writeEndObject();
        }
        out.println(text);
    }

    private static void writeResults(JsonGenerator json, ParameterGrid grid, List<Object> results) throws IOException {
        if (!grid.isSweep()) {
            Json.write(json, results.getFirst());
            return;
        }
        json.writeStartArray();
        for (int i = 0; i < results.size(); i++) {
            json.writeStartObject();
            json.writeFieldName("params");
            Json.write(json, grid.sets().get(i));
            json.writeFieldName("result");
            Json.write(json, results.get(i));
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private static void writeRun(JsonGenerator json, DatasetFile dataset, RunReport report) throws IOException {
        json.writeStartObject();
        json.writeStringField("engine", "processes");
        json.writeNumberField("procs", report.procs());
        json.writeNumberField("tasks", report.tasks());
        json.writeNumberField("attempts", report.attempts());
        json.writeNumberField("retries", report.retries());
        json.writeNumberField("resumed", report.resumed());
        json.writeBooleanField("complete", report.isComplete());
        json.writeNumberField("wallSeconds", report.wall().toNanos() / 1e9);
        json.writeArrayFieldStart("workers");
        for (RunReport.WorkerShare worker : report.workers()) {
            writeWorker(json, dataset, worker);
        }
        json.writeEndArray();
        json.writeNumberField("failed", report.failed());
        json.writeArrayFieldStart("failures");
        for (Failure failure : report.failures()) {
            writeFailure(json, failure);
        }
        json.writeEndArray();
        json.writeArrayFieldStart("leftOut");
        for (RunReport.LeftOut part : report.leftOut()) {
            json.writeStartObject();
            writeRange(json, "slice", part.slice().from(), part.slice().to());
            writeRange(json, "parameterSets", part.firstSet(), part.endSet());
            json.writeStringField("cause", part.cause());
            json.writeEndObject();
        }
        json.writeEndArray();
        if (report.journalFailure().isPresent()) {
            json.writeStringField("journalFailure", report.journalFailure().get());
        }
        json.writeEndObject();
    }

    private static void writeWorker(JsonGenerator json, DatasetFile dataset, RunReport.WorkerShare worker)
            throws IOException {
        json.writeStartObject();
        json.writeNumberField("id", worker.id());
        json.writeNumberField("pid", worker.pid());
        json.writeNumberField("tasks", worker.tasks());
        json.writeNumberField("busySeconds", worker.busy().toNanos() / 1e9);
        Optional<ProcessMemory> memory = ProcessMemory.read(worker.pid(), dataset.path());
        if (memory.isPresent()) {
            json.writeNumberField("rssBytes", memory.get().residentBytes());
            json.writeNumberField("pssBytes", memory.get().proportionalBytes());
            json.writeNumberField("dataPssBytes", memory.get().datasetProportionalBytes());
        }
        json.writeStringField("end", worker.end());
        json.writeEndObject();
    }

    private static void writeFailure(JsonGenerator json, Failure failure) throws IOException {
        json.writeStartObject();
        json.writeNumberField("task", failure.task());
        writeRange(json, "slice", failure.slice().from(), failure.slice().to());
        json.writeNumberField("attempt", failure.attempt());
        json.writeNumberField("pid", failure.pid());
        if (failure.exitCode().isPresent()) {
            json.writeNumberField("exitCode", failure.exitCode().getAsInt());
        }
        json.writeStringField("cause", failure.cause());
        json.writeArrayFieldStart("lastWords");
        for (String line : failure.lastWords()) {
            json.writeString(line);
        }
        json.writeEndArray();
        if (failure.crashLog().isPresent()) {
            json.writeStringField("crashLog", failure.crashLog().get().toString());
        }
        json.writeEndObject();
    }

    /** From, and to but not including. */
    private static void writeRange(JsonGenerator json, String name, long from, long to) throws IOException {
        json.writeArrayFieldStart(name);
        json.writeNumber(from);
        json.writeNumber(to);
        json.writeEndArray();
    }

    private JsonAnswer() {}
}

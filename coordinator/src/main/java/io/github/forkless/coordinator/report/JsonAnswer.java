package io.github.forkless.coordinator.report;

import com.fasterxml.jackson.core.JsonGenerator;
import io.github.forkless.common.dataset.Dataset;
import io.github.forkless.common.dataset.DatasetFile;
import io.github.forkless.common.dataset.FileIdentity;
import io.github.forkless.common.dataset.Layout;
import io.github.forkless.common.text.Text;
import java.io.IOException;
import java.io.StringWriter;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Prints an answer and how it came about as one JSON object; docs/output.md and docs/run.schema.json describe it. */
public final class JsonAnswer {

    /** @param results none, if the run failed */
    public static void print(Appendable out, List<Object> results, RunFacts facts, Optional<SharingProof> sharing)
            throws IOException {
        var text = new StringWriter();
        try (JsonGenerator json = Json.to(text)) {
            write(json, results, facts, sharing, RunJson.Known.NOTHING);
        }
        out.append(Text.escaped(text.toString())).append('\n');
    }

    /** @param results none, if they are not to be in it */
    static void write(
            JsonGenerator json,
            List<Object> results,
            RunFacts facts,
            Optional<SharingProof> sharing,
            RunJson.Known known)
            throws IOException {
        Request request = facts.request();
        json.writeStartObject();
        json.writeStringField("job", request.job());
        if (request.dataset().isPresent()) {
            Dataset dataset = request.dataset().get();
            json.writeObjectFieldStart("data");
            writeDataset(json, dataset);
            if (dataset.parts().size() > 1) {
                writeFiles(json, dataset);
            }
            json.writeEndObject();
        }
        if (!request.further().isEmpty()) {
            json.writeArrayFieldStart("with");
            for (Map.Entry<String, DatasetFile> each : request.further().entrySet()) {
                writeFurther(json, each.getKey(), each.getValue());
            }
            json.writeEndArray();
        }
        if (!results.isEmpty()) {
            writeResults(json, request.sets(), results);
        }
        json.writeFieldName("run");
        RunJson.write(json, facts, sharing, known);
        json.writeEndObject();
    }

    private static void writeDataset(JsonGenerator json, Dataset dataset) throws IOException {
        json.writeStringField("path", dataset.path().toString());
        json.writeNumberField("bytes", dataset.bytes());
        json.writeStringField("type", dataset.layout().label());
        json.writeNumberField("count", dataset.count());
        if (!dataset.layout().rowShape().isEmpty()) {
            json.writeArrayFieldStart("shape");
            for (long size : ((Layout.Numbers) dataset.layout()).shape()) {
                json.writeNumber(size);
            }
            json.writeEndArray();
        }
    }

    private static void writeFiles(JsonGenerator json, Dataset dataset) throws IOException {
        json.writeArrayFieldStart("files");
        for (DatasetFile file : dataset.parts()) {
            json.writeStartObject();
            json.writeStringField("path", file.path().toString());
            json.writeNumberField("count", file.count());
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private static void writeFurther(JsonGenerator json, String name, DatasetFile dataset) throws IOException {
        FileIdentity identity = dataset.identity();
        json.writeStartObject();
        json.writeStringField("name", name);
        writeDataset(json, dataset);
        json.writeObjectFieldStart("identity");
        json.writeNumberField("device", identity.device());
        json.writeNumberField("inode", identity.inode());
        json.writeNumberField("size", identity.size());
        json.writeStringField(
                "modified", Instant.EPOCH.plusNanos(identity.modifiedNanos()).toString());
        json.writeEndObject();
        json.writeEndObject();
    }

    private static void writeResults(JsonGenerator json, ParameterSets sets, List<Object> results) throws IOException {
        if (!sets.isSweep()) {
            writeResult(json, results.getFirst());
            return;
        }
        json.writeArrayFieldStart("result");
        for (int i = 0; i < results.size(); i++) {
            json.writeStartObject();
            json.writeFieldName("params");
            Json.write(json, sets.sets().get(i));
            writeResult(json, results.get(i));
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private static void writeResult(JsonGenerator json, Object result) throws IOException {
        json.writeFieldName("result");
        if (result == NoAnswer.FAILED) {
            json.writeNull();
            json.writeBooleanField("failed", true);
        } else {
            Json.write(json, result);
        }
    }

    private JsonAnswer() {}
}

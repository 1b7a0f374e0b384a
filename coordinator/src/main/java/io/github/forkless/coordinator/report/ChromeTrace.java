package io.github.forkless.coordinator.report;

import com.fasterxml.jackson.core.JsonGenerator;
import io.github.forkless.common.process.ProcessStat;
import io.github.forkless.coordinator.report.RunFacts.WorkerFacts;
import io.github.forkless.coordinator.result.Recording;
import io.github.forkless.coordinator.result.Recording.Attempt;
import io.github.forkless.coordinator.result.Recording.Moment;
import io.github.forkless.coordinator.result.Recording.Outcome;
import java.io.IOException;
import java.io.Writer;
import java.util.List;

/**
 * A run in the Chrome trace-event format, which Perfetto and chrome://tracing show: one process, the coordinator's, with
 * a track for itself and one for each worker, which is numbered by the worker's pid. Timestamps are microseconds since
 * the command was started.
 */
public final class ChromeTrace {
    private static final List<Phase> COORDINATOR = List.of(
            new Phase("launcher, start the JVM", Moment.STARTED, Moment.UP),
            new Phase("read the command line, open the dataset", Moment.UP, Moment.DATASET_OPENED),
            new Phase("open the pool", Moment.DATASET_OPENED, Moment.SUBMITTED),
            new Phase("wait for a worker", Moment.SUBMITTED, Moment.FIRST_TASK),
            new Phase("deal", Moment.FIRST_TASK, Moment.LAST_PARTIAL),
            new Phase("merge", Moment.LAST_PARTIAL, Moment.COMPLETED),
            new Phase("print", Moment.COMPLETED, Moment.PRINTED));

    private record Phase(String name, Moment from, Moment to) {}

    private final JsonGenerator json;
    private final RunFacts facts;
    private final Recording recording;
    private final long coordinator = ProcessHandle.current().pid();

    private ChromeTrace(JsonGenerator json, RunFacts facts) {
        this.json = json;
        this.facts = facts;
        this.recording = facts.recording();
    }

    public static void write(Writer out, RunFacts facts) throws IOException {
        try (JsonGenerator json = Json.to(out)) {
            new ChromeTrace(json, facts).write();
        }
    }

    private void write() throws IOException {
        json.writeStartObject();
        json.writeStringField("displayTimeUnit", "ms");
        json.writeArrayFieldStart("traceEvents");
        writeNames();
        writeCoordinator();
        for (WorkerFacts worker : facts.workers()) {
            writeStart(worker.life());
        }
        for (int i = 0; i < recording.attempts(); i++) {
            writeAttempt(recording.attempt(i));
        }
        json.writeEndArray();
        json.writeObjectFieldStart("otherData");
        json.writeStringField("command", String.join(" ", facts.environment().command()));
        json.writeStringField("dataset", facts.dataset().path().toString());
        json.writeStringField("java", facts.environment().java());
        json.writeStringField("system", facts.environment().system());
        json.writeStringField("resumedTasks", Long.toString(recording.totals().resumed()));
        json.writeStringField("attemptsNotKept", Long.toString(recording.attemptsNotKept()));
        json.writeEndObject();
        json.writeEndObject();
    }

    private void writeNames() throws IOException {
        writeMetadata("process_name", coordinator, "forkless " + facts.dataset().path());
        writeMetadata("thread_name", coordinator, "coordinator");
        writeSortIndex(coordinator, 0);
        int index = 1;
        for (WorkerFacts worker : facts.workers()) {
            writeMetadata(
                    "thread_name",
                    worker.life().pid(),
                    "worker " + worker.life().id()
                            + (worker.life().where().isEmpty()
                                    ? ""
                                    : ", " + worker.life().where()));
            writeSortIndex(worker.life().pid(), index++);
        }
    }

    private void writeMetadata(String kind, long track, String name) throws IOException {
        json.writeStartObject();
        writeHead(kind, "M", track);
        json.writeObjectFieldStart("args");
        json.writeStringField("name", name);
        json.writeEndObject();
        json.writeEndObject();
    }

    private void writeSortIndex(long track, int index) throws IOException {
        json.writeStartObject();
        writeHead("thread_sort_index", "M", track);
        json.writeObjectFieldStart("args");
        json.writeNumberField("sort_index", index);
        json.writeEndObject();
        json.writeEndObject();
    }

    private void writeCoordinator() throws IOException {
        for (Phase phase : COORDINATOR) {
            writePhase(phase.name, coordinator, recording.nanosOf(phase.from), recording.nanosOf(phase.to));
        }
    }

    private void writeStart(Recording.Worker worker) throws IOException {
        writePhase("start the JVM", worker.pid(), worker.startedNanos(), worker.upNanos());
        writePhase("wait, then map the dataset", worker.pid(), worker.upNanos(), worker.mappedNanos());
        writePhase("prepare the job", worker.pid(), worker.mappedNanos(), worker.preparedNanos());
        if (worker.endedNanos() != Recording.UNKNOWN) {
            json.writeStartObject();
            writeHead("end: " + worker.end(), "i", worker.pid());
            json.writeStringField("cat", "worker");
            writeMicros("ts", worker.endedNanos() - facts.originNanos());
            json.writeStringField("s", "t");
            json.writeEndObject();
        }
    }

    private void writePhase(String name, long track, long fromNanos, long toNanos) throws IOException {
        if (fromNanos != Recording.UNKNOWN && toNanos != Recording.UNKNOWN) {
            json.writeStartObject();
            writeSpan(name, "start-up", track, fromNanos, toNanos);
            json.writeEndObject();
        }
    }

    private void writeAttempt(Attempt attempt) throws IOException {
        json.writeStartObject();
        writeSpan(
                (attempt.isMerge() ? "merge " : "task ") + attempt.task(),
                attempt.isMerge() ? "merge" : "task",
                facts.workers().get(attempt.worker()).life().pid(),
                attempt.startedNanos(),
                attempt.endedNanos());
        if (attempt.outcome() != Outcome.OK) {
            json.writeStringField("cname", "terrible");
        }
        json.writeObjectFieldStart("args");
        json.writeNumberField("pass", attempt.run());
        json.writeNumberField("attempt", attempt.number());
        json.writeStringField("outcome", attempt.outcome().label());
        json.writeStringField(
                "slice", attempt.slice().from() + " to " + attempt.slice().to());
        if (!attempt.isMerge()) {
            json.writeNumberField(
                    "bytes", facts.dataset().layout().bytes(attempt.slice().length()));
        }
        json.writeStringField("parameter sets", attempt.firstSet() + " to " + attempt.endSet());
        if (attempt.minorFaults() != ProcessStat.UNKNOWN) {
            json.writeNumberField("minor faults", attempt.minorFaults());
            json.writeNumberField("major faults", attempt.majorFaults());
        }
        json.writeEndObject();
        json.writeEndObject();
    }

    private void writeSpan(String name, String category, long track, long fromNanos, long toNanos) throws IOException {
        writeHead(name, "X", track);
        json.writeStringField("cat", category);
        writeMicros("ts", fromNanos - facts.originNanos());
        writeMicros("dur", Math.max(0, toNanos - fromNanos));
    }

    private void writeHead(String name, String phase, long track) throws IOException {
        json.writeStringField("name", name);
        json.writeStringField("ph", phase);
        json.writeNumberField("pid", coordinator);
        json.writeNumberField("tid", track);
    }

    private void writeMicros(String name, long nanos) throws IOException {
        json.writeNumberField(name, nanos / 1e3);
    }
}

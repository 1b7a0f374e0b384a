package io.github.forkless.coordinator.report;

import com.fasterxml.jackson.core.JsonGenerator;
import io.github.forkless.common.dataset.Slice;
import io.github.forkless.common.process.ProcessStat;
import io.github.forkless.common.text.Secrets;
import io.github.forkless.coordinator.machine.Place;
import io.github.forkless.coordinator.report.RunFacts.WorkerFacts;
import io.github.forkless.coordinator.result.Failure;
import io.github.forkless.coordinator.result.PlacementReport;
import io.github.forkless.coordinator.result.Progress;
import io.github.forkless.coordinator.result.Recording;
import io.github.forkless.coordinator.result.Recording.Attempt;
import io.github.forkless.coordinator.result.Recording.Moment;
import io.github.forkless.coordinator.result.RunReport;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToLongFunction;

/**
 * What a run did, as a JSON object; docs/run.schema.json describes it. Moments are seconds since the command was
 * started. What is not known is left out. A function's run, which no command has, tells its {@code parameters}, too, and how
 * many are done.
 */
public final class RunJson {
    private static final Map<Moment, String> MOMENTS = Map.of(
            Moment.UP, "coordinatorUpSeconds",
            Moment.DATASET_OPENED, "datasetOpenedSeconds",
            Moment.SUBMITTED, "submittedSeconds",
            Moment.FIRST_TASK, "firstTaskSeconds",
            Moment.LAST_PARTIAL, "lastPartialSeconds",
            Moment.COMPLETED, "completedSeconds",
            Moment.PRINTED, "printedSeconds");

    private final JsonGenerator json;
    private final RunFacts facts;
    private final Recording recording;
    private final long originNanos;
    private final Known known;
    /** Attempts that are written, from here to there. */
    private final int firstAttempt;

    private final int endAttempt;

    /**
     * What a reader has, of a run that is told in parts: it is not told again.
     *
     * @param attempts how many
     * @param workers how many, of which those are told again that may have changed
     * @param sinceSeconds when it was told that, in the run's own time
     * @param endAttempt no more attempts than these are told
     */
    record Known(int attempts, int workers, double sinceSeconds, int endAttempt) {
        /** Everything is told. */
        static final Known NOTHING = new Known(0, 0, 0, Integer.MAX_VALUE);

        /** How much later than it happened an end may be recorded. */
        private static final double LATEST_SECONDS = 10;
    }

    private RunJson(JsonGenerator json, RunFacts facts, Known known) {
        this.json = json;
        this.facts = facts;
        this.recording = facts.recording();
        this.originNanos = facts.originNanos();
        this.known = known;
        this.endAttempt = Math.min(known.endAttempt, recording.attempts());
        this.firstAttempt = Math.min(known.attempts, endAttempt);
    }

    /**
     * @param sharing what was proved of the workers' memory, if that was asked for
     * @param known to the reader; the places of workers are told where it is not {@link Known#NOTHING}
     */
    static void write(JsonGenerator json, RunFacts facts, Optional<SharingProof> sharing, Known known)
            throws IOException {
        new RunJson(json, facts, known).writeRun(sharing);
    }

    private void writeRun(Optional<SharingProof> sharing) throws IOException {
        Recording.Totals totals = recording.totals();
        json.writeStartObject();
        json.writeStringField("engine", facts.request().engine());
        json.writeNumberField("procs", facts.request().procs());
        json.writeNumberField("passes", totals.passes());
        if (recording.isOfFunction()) {
            Progress progress = recording.progress(true);
            json.writeNumberField("parameters", progress.total());
            json.writeNumberField("doneParameters", progress.done());
        }
        json.writeNumberField("tasks", totals.tasks());
        json.writeNumberField("attempts", totals.attempts());
        json.writeNumberField("retries", totals.retries());
        json.writeNumberField("resumed", totals.resumed());
        json.writeBooleanField("complete", facts.isComplete());
        Optional<Slice> only = facts.report().flatMap(RunReport::only);
        if (only.isPresent()) {
            writeRange("only", only.get().from(), only.get().to());
        }
        json.writeNumberField("wallSeconds", totals.wallNanos() / 1e9);
        json.writeNumberField("readBytes", totals.doneBytes());
        json.writeNumberField("resumedBytes", totals.resumedBytes());
        if (facts.error().isPresent()) {
            json.writeStringField("error", facts.error().get());
        }
        if (facts.isUnderWay()) {
            writeProgress(totals);
        }
        writeMoments();
        json.writeArrayFieldStart("workers");
        for (int i = 0; i < facts.workers().size(); i++) {
            if (isNews(i)) {
                writeWorker(i);
            }
        }
        json.writeEndArray();
        json.writeNumberField("failed", totals.failed());
        json.writeArrayFieldStart("failures");
        for (Failure failure : facts.failures()) {
            writeFailure(failure);
        }
        json.writeEndArray();
        json.writeArrayFieldStart("leftOut");
        for (RunReport.LeftOut part : facts.leftOut()) {
            json.writeStartObject();
            writeRange("slice", part.slice().from(), part.slice().to());
            json.writeStringField("what", part.what());
            writeRange("parameterSets", part.firstSet(), part.endSet());
            json.writeStringField("cause", part.cause());
            if (part.isWhole()) {
                json.writeBooleanField("failed", true);
            }
            json.writeEndObject();
        }
        json.writeEndArray();
        Optional<String> journalFailure = facts.report().flatMap(RunReport::journalFailure);
        if (journalFailure.isPresent()) {
            json.writeStringField("journalFailure", journalFailure.get());
        }
        long grownBytes = facts.report().isPresent() ? facts.report().get().grownBytes() : 0;
        if (grownBytes > 0) {
            json.writeNumberField("grownBytes", grownBytes);
        }
        if (sharing.isPresent()) {
            writeSharing(sharing.get());
        }
        Optional<PlacementReport> placement = facts.report().flatMap(RunReport::placement);
        if (placement.isPresent()) {
            writePlacement(placement.get());
        }
        writeEnvironment(facts.environment());
        if (recording.keepsAttempts()) {
            writeTimeline();
        }
        json.writeEndObject();
    }

    private void writeMoments() throws IOException {
        json.writeObjectFieldStart("moments");
        for (Moment moment : Moment.values()) {
            if (MOMENTS.containsKey(moment)) {
                writeMoment(MOMENTS.get(moment), recording.nanosOf(moment));
            }
        }
        json.writeEndObject();
    }

    private void writeProgress(Recording.Totals totals) throws IOException {
        json.writeObjectFieldStart("progress");
        json.writeNumberField("bytes", totals.passBytes());
        json.writeNumberField("done", totals.donePassBytes());
        json.writeNumberField("alive", totals.alive());
        writeMoment("nowSeconds", System.nanoTime());
        json.writeEndObject();
    }

    private boolean isNews(int worker) {
        long endedNanos = facts.workers().get(worker).life().endedNanos();
        return worker >= known.workers
                || !facts.isUnderWay()
                || endedNanos == Recording.UNKNOWN
                || micros(endedNanos) / 1e6 > known.sinceSeconds - Known.LATEST_SECONDS;
    }

    private void writeWorker(int place) throws IOException {
        WorkerFacts worker = facts.workers().get(place);
        Recording.Worker life = worker.life();
        json.writeStartObject();
        if (known != Known.NOTHING) {
            json.writeNumberField("index", place);
        }
        json.writeNumberField("id", life.id());
        json.writeNumberField("pid", life.pid());
        if (!life.where().isEmpty()) {
            json.writeStringField("where", life.where());
        }
        json.writeNumberField("tasks", life.tasks());
        json.writeNumberField("busySeconds", life.busyNanos() / 1e9);
        if (worker.memory().isPresent()) {
            ProcessMemory memory = worker.memory().get();
            json.writeNumberField("rssBytes", memory.residentBytes());
            json.writeNumberField("pssBytes", memory.proportionalBytes());
        }
        // Of several files, what is mapped comes and goes.
        if (worker.memory().isPresent() && !facts.hasSeveralFiles()) {
            ProcessMemory memory = worker.memory().get();
            ProcessMemory.Mapping dataset = memory.datasetTotal();
            json.writeNumberField("ownBytes", memory.ownBytes());
            json.writeNumberField("dataRssBytes", dataset.residentBytes());
            json.writeNumberField("dataPssBytes", dataset.proportionalBytes());
            json.writeNumberField("dataPrivateDirtyBytes", dataset.privateDirtyBytes());
            json.writeNumberField("dataCopiedBytes", dataset.anonymousBytes());
            json.writeNumberField("dataHugeBytes", dataset.hugeBytes());
        }
        if (worker.stat() != ProcessStat.NONE) {
            json.writeNumberField("minorFaults", worker.stat().minorFaults());
            json.writeNumberField("majorFaults", worker.stat().majorFaults());
        }
        if (worker.place().isPresent()) {
            json.writeStringField("cpus", worker.place().get().cpuList());
            json.writeStringField("memoryNodes", worker.place().get().nodeList());
        }
        writeMoment("startedSeconds", life.startedNanos());
        writeMoment("upSeconds", life.upNanos());
        writeMoment("mappedSeconds", life.mappedNanos());
        writeMoment("preparedSeconds", life.preparedNanos());
        writeMoment("endedSeconds", life.endedNanos());
        json.writeStringField("end", life.end());
        json.writeEndObject();
    }

    private void writeFailure(Failure failure) throws IOException {
        json.writeStartObject();
        json.writeNumberField("task", failure.task());
        writeRange("slice", failure.slice().from(), failure.slice().to());
        json.writeStringField("what", failure.what());
        json.writeNumberField("attempt", failure.attempt());
        json.writeNumberField("pid", failure.pid());
        if (failure.exitCode().isPresent()) {
            json.writeNumberField("exitCode", failure.exitCode().getAsInt());
        }
        json.writeStringField("cause", failure.cause());
        if (!failure.trace().isEmpty()) {
            json.writeStringField("trace", failure.trace());
        }
        writeStrings(
                "lastWords",
                failure.lastWords().stream()
                        .map(Secrets::hiddenInJvmAnnouncement)
                        .toList());
        if (failure.crashLog().isPresent()) {
            json.writeStringField("crashLog", failure.crashLog().get().toString());
        }
        json.writeEndObject();
    }

    private void writeSharing(SharingProof sharing) throws IOException {
        json.writeObjectFieldStart("sharing");
        json.writeBooleanField("proved", sharing.holds());
        writeStrings("objections", sharing.objections());
        if (sharing.file().isPresent()) {
            json.writeStringField("device", sharing.file().get().device());
            json.writeNumberField("inode", sharing.file().get().inode());
        }
        json.writeNumberField("residentBytes", sharing.total().residentBytes());
        json.writeNumberField("proportionalBytes", sharing.total().proportionalBytes());
        json.writeEndObject();
    }

    private void writePlacement(PlacementReport report) throws IOException {
        json.writeObjectFieldStart("placement");
        json.writeStringField("pin", report.placement().pin().name().toLowerCase(Locale.ROOT));
        json.writeStringField("numa", report.placement().numa().name().toLowerCase(Locale.ROOT));
        json.writeArrayFieldStart("workers");
        for (Place place : report.workers()) {
            json.writeStartObject();
            json.writeNumberField("node", place.node());
            json.writeStringField("cpus", place.cpuList());
            json.writeEndObject();
        }
        json.writeEndArray();
        writePages("before", report.pagesBefore());
        writePages("after", report.pagesAfter());
        json.writeEndObject();
    }

    private void writePages(String name, Map<Integer, Long> bytesByNode) throws IOException {
        json.writeArrayFieldStart(name);
        for (Map.Entry<Integer, Long> node : bytesByNode.entrySet()) {
            json.writeStartObject();
            json.writeNumberField("node", node.getKey());
            json.writeNumberField("bytes", node.getValue());
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private void writeEnvironment(Environment environment) throws IOException {
        json.writeObjectFieldStart("environment");
        json.writeStringField("forkless", environment.version());
        json.writeStringField("java", environment.java());
        json.writeStringField("system", environment.system());
        json.writeNumberField("processors", environment.processors());
        json.writeNumberField("memoryBytes", environment.memoryBytes());
        json.writeStringField("folder", environment.folder());
        writeStrings("command", environment.command());
        json.writeObjectFieldStart("variables");
        for (Map.Entry<String, String> variable : environment.variables().entrySet()) {
            json.writeStringField(variable.getKey(), variable.getValue());
        }
        json.writeEndObject();
        json.writeEndObject();
    }

    /** A column for each kind of figure, for there may be a million rows. */
    private void writeTimeline() throws IOException {
        json.writeObjectFieldStart("timeline");
        json.writeNumberField("attempts", endAttempt);
        json.writeNumberField("notKept", recording.attemptsNotKept());
        writeColumn("worker", Attempt::worker);
        writeColumn("run", Attempt::run);
        writeColumn("task", Attempt::task);
        writeColumn("attempt", Attempt::number);
        writeColumn("merge", attempt -> attempt.isMerge() ? 1 : 0);
        writeColumn("from", attempt -> attempt.slice().from());
        writeColumn("to", attempt -> attempt.slice().to());
        writeColumn("firstSet", Attempt::firstSet);
        writeColumn("endSet", Attempt::endSet);
        writeColumn("dealtMicros", attempt -> micros(attempt.dealtNanos()));
        writeColumn("startedMicros", attempt -> micros(attempt.startedNanos()));
        writeColumn("endedMicros", attempt -> micros(attempt.endedNanos()));
        writeColumn("minorFaults", Attempt::minorFaults);
        writeColumn("majorFaults", Attempt::majorFaults);
        json.writeArrayFieldStart("outcome");
        for (int i = firstAttempt; i < endAttempt; i++) {
            json.writeString(recording.attempt(i).outcome().label());
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    private void writeColumn(String name, ToLongFunction<Attempt> figure) throws IOException {
        json.writeArrayFieldStart(name);
        for (int i = firstAttempt; i < endAttempt; i++) {
            json.writeNumber(figure.applyAsLong(recording.attempt(i)));
        }
        json.writeEndArray();
    }

    private void writeMoment(String name, long nanos) throws IOException {
        if (nanos != Recording.UNKNOWN && originNanos != Recording.UNKNOWN) {
            json.writeNumberField(name, micros(nanos) / 1e6);
        }
    }

    private long micros(long nanos) {
        return Math.floorDiv(nanos - originNanos, 1000);
    }

    private void writeStrings(String name, List<String> strings) throws IOException {
        json.writeArrayFieldStart(name);
        for (String string : strings) {
            json.writeString(string);
        }
        json.writeEndArray();
    }

    /** From, and to but not including. */
    private void writeRange(String name, long from, long to) throws IOException {
        json.writeArrayFieldStart(name);
        json.writeNumber(from);
        json.writeNumber(to);
        json.writeEndArray();
    }
}

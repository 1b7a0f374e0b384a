package io.github.forkless.coordinator.report;

import io.github.forkless.coordinator.result.InvalidRequestException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A file that gets a run's answer, in the format that its name says. */
public final class AnswerFile {
    private static final String JSON = ".json";

    private final OutputFile file;
    private final Format format;

    private enum Format {
        ARROW,
        CSV,
        TSV,
        JSON,
        NPY
    }

    /**
     * @param option names it in errors: {@code --output}
     * @throws InvalidRequestException if its name says no format
     */
    public AnswerFile(String option, Path path) {
        file = new OutputFile(option, path);
        String name = path.toString();
        int point = name.lastIndexOf('.');
        format = switch (point < 0 ? "" : name.substring(point)) {
            case ".arrow" -> Format.ARROW;
            case ".csv" -> Format.CSV;
            case ".tsv" -> Format.TSV;
            case JSON -> Format.JSON;
            case ".npy" -> Format.NPY;
            default ->
                throw new InvalidRequestException(option + " " + path
                        + ": its name does not say in which format; it can end with .arrow, .csv, .tsv, .json or .npy");
        };
    }

    /** Whether a file of this name gets how the answer came about, too. */
    public static boolean hasFacts(Path path) {
        return path.toString().endsWith(JSON);
    }

    public OutputFile file() {
        return file;
    }

    /**
     * Finds out before any work is done whether the format has the answer of a job, as far as it is known.
     *
     * @throws InvalidRequestException if it has not
     */
    public void requireHolds(String job, Map<String, String> parameters) {
        if (format == Format.NPY) {
            Optional<String> refusal = NpyAnswer.refusal(job, parameters);
            if (refusal.isPresent()) {
                throw new InvalidRequestException(file.option() + " " + file.path() + ": " + refusal.get());
            }
        }
    }

    /**
     * Writes an answer.
     *
     * @param facts empty but for a file that {@link #hasFacts has them}
     * @throws IOException naming the file, if it cannot be written, or has no such answer; what was there before is there yet
     */
    public void write(
            ParameterSets sets, List<Object> results, Optional<RunFacts> facts, Optional<SharingProof> sharing)
            throws IOException {
        switch (format) {
            case ARROW -> file.writeBytes(out -> ArrowAnswer.write(out, TableAnswer.csv(sets, results)));
            case NPY -> file.writeBytes(out -> NpyAnswer.write(out, sets, results));
            case CSV -> file.write(TableAnswer.csv(sets, results)::print);
            case TSV -> file.write(TableAnswer.tsv(sets, results)::print);
            case JSON -> file.write(out -> JsonAnswer.print(out, results, facts.orElseThrow(), sharing));
        }
    }
}

package io.github.forkless.common.dataset;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * NumPy's {@code .npz}: a zip archive of {@code .npy} files, which {@code numpy.savez} stores as they are. One of them is the dataset, in
 * place: {@code x.npz#prices}, or {@code x.npz} where there is one.
 */
final class NpzFormat {
    private static final String SEPARATOR = ".npz#";
    private static final String SUFFIX = ".npy";

    /** In an error there are no more. */
    private static final int SHOWN = 40;

    /** The archive of {@code x.npz#prices}; the path itself if it is not such a name, or a file has it. */
    static Path archive(Path path) {
        int separator = path.toString().indexOf(SEPARATOR);
        return separator < 0 || Files.exists(path)
                ? path
                : Path.of(path.toString().substring(0, separator + SEPARATOR.length() - 1));
    }

    /** What is behind the archive's name; empty if nothing is. */
    private static String wanted(Path path) {
        Path archive = archive(path);
        return archive.equals(path)
                ? ""
                : path.toString().substring(archive.toString().length() + 1);
    }

    /** @throws DatasetException if there is no such array, or it cannot be read as it is */
    static Layout read(Candidate file) throws IOException {
        var directory = new ZipDirectory(file.channel(), file.size());
        try {
            ZipDirectory.Member member = member(file.path(), directory.members());
            if (!member.isStored()) {
                throw new DatasetException(
                        file.path(),
                        "it is " + (member.isEncrypted() ? "encrypted" : "compressed")
                                + ", and only what is stored as it is can be mapped; write it with numpy.savez:"
                                + " python3 -c \"import numpy, sys; numpy.savez('stored.npz',"
                                + " **numpy.load(sys.argv[1]))\" "
                                + ShellWord.of(archive(file.path())));
            }
            long start = directory.start(member);
            return NpyFormat.layout(file, NpyHeader.read(file.path(), file.channel(), start, start + member.size()));
        } catch (ZipDirectory.BrokenException e) {
            throw new DatasetException(
                    archive(file.path()),
                    "not a .npz file, or a broken one: " + e.getMessage() + "; write it with numpy.savez");
        }
    }

    private static ZipDirectory.Member member(Path path, List<ZipDirectory.Member> all) {
        String wanted = wanted(path);
        List<ZipDirectory.Member> arrays = new ArrayList<>();
        List<ZipDirectory.Member> found = new ArrayList<>();
        for (ZipDirectory.Member each : all) {
            if (each.name().endsWith(SUFFIX)) {
                arrays.add(each);
                if (wanted.isEmpty()
                        || each.name().equals(wanted)
                        || each.name().equals(wanted + SUFFIX)) {
                    found.add(each);
                }
            }
        }
        if (found.size() == 1) {
            return found.getFirst();
        }
        String there = arrays.isEmpty() ? "it has none" : "it has " + names(arrays);
        if (found.isEmpty()) {
            throw new DatasetException(
                    archive(path),
                    (wanted.isEmpty() ? "no array is in it" : "no array '" + wanted + "' is in it; " + there));
        }
        throw new DatasetException(
                archive(path),
                wanted.isEmpty()
                        ? there + "; choose one: "
                                + ShellWord.of(Path.of(archive(path) + "#" + name(arrays.getFirst())))
                        : "several arrays '" + wanted + "' are in it; write it with numpy.savez");
    }

    private static String name(ZipDirectory.Member member) {
        return member.name().substring(0, member.name().length() - SUFFIX.length());
    }

    private NpzFormat() {}

    private static String names(List<ZipDirectory.Member> arrays) {
        return arrays.stream().limit(SHOWN).map(NpzFormat::name).collect(Collectors.joining(", "))
                + (arrays.size() > SHOWN ? ", and " + (arrays.size() - SHOWN) + " more" : "");
    }
}

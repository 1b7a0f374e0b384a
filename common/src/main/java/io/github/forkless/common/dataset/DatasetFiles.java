package io.github.forkless.common.dataset;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Several files that are one dataset: see {@link Dataset#open(List, Optional)}. */
final class DatasetFiles implements Dataset {
    private final List<DatasetFile> parts;
    private final Layout layout;
    private final Path path;
    /** Where each part begins. */
    private final long[] starts;

    /**
     * @param parts of one layout, at least one
     * @throws IllegalArgumentException if they cannot be one dataset
     */
    DatasetFiles(List<DatasetFile> parts) {
        if (parts.isEmpty()) {
            throw new IllegalArgumentException("a dataset of no file");
        }
        this.parts = List.copyOf(parts);
        this.starts = new long[parts.size()];
        Layout first = parts.getFirst().layout();
        Path folder = parts.getFirst().path().getParent();
        long count = 0;
        long bytes = 0;
        for (int i = 0; i < starts.length; i++) {
            DatasetFile part = parts.get(i);
            if (!isAlike(part.layout(), first)
                    || count > Long.MAX_VALUE - part.count()
                    || bytes > Long.MAX_VALUE - part.bytes()) {
                throw new IllegalArgumentException(part + " in a dataset with " + parts.getFirst());
            }
            starts[i] = count;
            count += part.count();
            bytes += part.bytes();
            while (folder != null && !part.path().startsWith(folder)) {
                folder = folder.getParent();
            }
        }
        this.path = folder == null ? Path.of("") : folder;
        this.layout = of(first, count, bytes);
    }

    /** What so many elements are that are alike. */
    private static Layout of(Layout layout, long count, long bytes) {
        return switch (layout) {
            case Layout.Numbers numbers ->
                new Layout.Numbers(numbers.storedType(), 0, count, shape(numbers.rowShape(), count), numbers.times());
            case Layout.Text _ -> new Layout.Text(0, count);
            case Layout.Table table -> new Layout.Table(table.columns(), count, bytes); // each part has its places
            case Layout.Column column ->
                new Layout.Column((Layout.Table) of(column.table(), count, bytes), column.index());
            case Layout.Records _ -> throw new IllegalArgumentException("records in several files");
        };
    }

    private static List<Long> shape(List<Long> rowShape, long count) {
        List<Long> shape = new ArrayList<>(rowShape);
        shape.addFirst(count / Math.max(1, Layout.product(rowShape)));
        return shape;
    }

    static Dataset open(List<Path> filesAndFolders, Optional<ElementType> type) {
        List<Path> paths = new ArrayList<>();
        for (Path path : filesAndFolders) {
            if (Files.isDirectory(path)) {
                addFilesIn(path, paths);
            } else {
                paths.add(path);
            }
        }
        paths.sort(null);
        List<DatasetFile> files = new ArrayList<>();
        Map<List<Object>, Path> seen = new HashMap<>();
        for (Path path : paths) {
            DatasetFile file = opened(path, type);
            Path twin = seen.put(List.of(file.path(), file.offset()), path); // of one archive there may be several
            if (twin != null) {
                throw new DatasetException(
                        path, (twin.equals(path) ? "given twice" : "the same file as " + twin) + "; name it once");
            }
            files.add(file);
        }
        return Dataset.of(alike(files, paths));
    }

    private static void addFilesIn(Path folder, List<Path> paths) {
        int before = paths.size();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
            for (Path entry : entries) {
                if (entry.getFileName().toString().startsWith(".")) {
                    continue;
                }
                if (Files.isDirectory(entry)) {
                    throw new DatasetException(
                            entry,
                            "a folder within the folder " + folder
                                    + ", which stands for the files in it alone; name the"
                                    + " files, or the folders that have them");
                }
                paths.add(entry);
            }
        } catch (IOException e) {
            throw DatasetException.unreadable(folder, e);
        }
        if (paths.size() == before) {
            throw new DatasetException(folder, "a folder without files; name a file");
        }
    }

    /** Of an empty file, it does not matter what its name says. */
    private static DatasetFile opened(Path path, Optional<ElementType> type) {
        try {
            return DatasetFile.open(path, type);
        } catch (UnknownTypeException e) {
            FileIdentity identity = FileIdentity.of(path);
            if (identity.size() > 0) {
                throw e;
            }
            return new DatasetFile(path.toAbsolutePath(), new Layout.Text(0, 0), identity);
        }
    }

    /** The files, if all have what the first one has that is not empty. */
    private static List<DatasetFile> alike(List<DatasetFile> files, List<Path> names) {
        if (files.size() == 1) {
            return files;
        }
        int first = 0;
        while (first < files.size() - 1 && files.get(first).identity().size() == 0) {
            first++;
        }
        Layout expected = files.get(first).layout();
        for (int i = 0; i < files.size(); i++) {
            DatasetFile file = files.get(i);
            if (file.identity().size() == 0) {
                files.set(i, new DatasetFile(file.path(), of(expected, 0, 0), file.identity()));
                continue;
            }
            if (file.layout() instanceof Layout.Records) {
                throw new DatasetException(
                        names.get(i), "it has records, which are not read from several files; name it alone");
            }
            if (!isAlike(file.layout(), expected)) {
                throw new DatasetException(
                        names.get(i),
                        "it has " + words(file.layout()) + ", and not " + words(expected) + " as " + names.get(first)
                                + " has; leave it out, or run on each alone");
            }
        }
        return files;
    }

    private static boolean isAlike(Layout one, Layout other) {
        return one.label().equals(other.label())
                && one.rowShape().equals(other.rowShape())
                && (!(one instanceof Layout.Table table) || table.columns().equals(((Layout.Table) other).columns()));
    }

    private static String words(Layout layout) {
        return layout instanceof Layout.Table table
                ? "the columns " + table.names()
                : layout.label() + (layout.rowShape().isEmpty() ? "" : " in rows of shape " + layout.rowShape());
    }

    @Override
    public Path path() {
        return path;
    }

    @Override
    public Layout layout() {
        return layout;
    }

    @Override
    public List<DatasetFile> parts() {
        return parts;
    }

    @Override
    public long start(int part) {
        return starts[part];
    }

    @Override
    public int partOf(long element) {
        int found = Arrays.binarySearch(starts, element);
        if (found < 0) {
            return -found - 2;
        }
        while (found < starts.length - 1 && starts[found + 1] == element) { // those before are empty
            found++;
        }
        return found;
    }

    @Override
    public String name() {
        return path + " (" + parts.size() + " files)";
    }

    /**
     * Files that are large are cut, each by itself, into pieces of equal size. Of those that are not, so many as are not larger
     * together are one piece.
     */
    @Override
    public List<Slice> cut(Slice slice, int parts) {
        long most = Math.ceilDiv(slice.length(), parts);
        List<Long> cuts = new ArrayList<>();
        long begun = slice.from();
        for (int i = partOf(slice.from()); i < starts.length && starts[i] < slice.to(); i++) {
            DatasetFile file = this.parts.get(i);
            long from = Math.max(starts[i], slice.from());
            long to = Math.min(starts[i] + file.count(), slice.to());
            if (to - begun <= most) {
                continue;
            }
            if (from > begun) {
                cuts.add(from);
                begun = from;
            }
            if (to - from > most) {
                long start = starts[i];
                List<Slice> pieces = file.cut(
                        new Slice(from - start, to - start), (int) Math.min(parts, Math.ceilDiv(to - from, most)));
                for (Slice piece : pieces) {
                    cuts.add(start + piece.to());
                }
                begun = to;
            }
        }
        if (!cuts.isEmpty() && cuts.getLast() == slice.to()) {
            cuts.removeLast();
        }
        return Slices.between(slice, cuts);
    }

    @Override
    public long requireUnchanged() {
        long grown = 0;
        for (DatasetFile part : parts) {
            grown += part.requireUnchanged();
        }
        return grown;
    }

    @Override
    public Dataset column(String name) {
        if (!(layout instanceof Layout.Table)) {
            return parts.getFirst().column(name); // which says why not
        }
        return new DatasetFiles(parts.stream().map(part -> part.column(name)).toList());
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof DatasetFiles that && parts.equals(that.parts);
    }

    @Override
    public int hashCode() {
        return parts.hashCode();
    }

    @Override
    public String toString() {
        return name();
    }
}

package io.github.forkless.coordinator.files;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Whom this process trusts with what a name leads to: itself, root, and those who share a folder with one of its groups.
 *
 * @param users by their numbers
 * @param groups those that this process is in
 */
record Trust(Set<Integer> users, Set<Integer> groups) {
    private static final Integer ROOT = 0;
    private static final int WRITABLE_BY_GROUP = 0020;
    private static final int WRITABLE_BY_ALL = 0002;

    private static final Path STATUS = Path.of("/proc/self/status");

    static Trust ofThisProcess() throws IOException {
        Map<String, Set<Integer>> ids;
        try (Stream<String> lines = Files.lines(STATUS)) {
            ids = lines.filter(line -> line.matches("(Uid|Gid|Groups):.*"))
                    .map(line -> line.split(":"))
                    .collect(Collectors.toMap(field -> field[0], field -> numbers(field[1])));
        }
        var users = new TreeSet<>(ids.get("Uid"));
        users.add(ROOT);
        // In a user namespace, root and the system's files may have another number.
        users.add(Entry.of(Path.of("/")).user());
        var groups = new TreeSet<>(ids.get("Gid"));
        groups.addAll(ids.get("Groups"));
        return new Trust(users, groups);
    }

    private static Set<Integer> numbers(String blanksBetween) {
        return Arrays.stream(blanksBetween.split("\\s+"))
                .filter(number -> !number.isEmpty())
                .map(Integer::parseUnsignedInt)
                .collect(Collectors.toSet());
    }

    /** What the kernel says of a file, a folder, or a link itself. */
    record Entry(int user, int group, int mode, boolean isLink, boolean isPlain) {

        static Entry of(Path path) throws IOException {
            Map<String, Object> attributes = Files.readAttributes(
                    path, "unix:uid,gid,mode,isSymbolicLink,isRegularFile,isDirectory", LinkOption.NOFOLLOW_LINKS);
            return new Entry(
                    (int) attributes.get("uid"),
                    (int) attributes.get("gid"),
                    (int) attributes.get("mode"),
                    (boolean) attributes.get("isSymbolicLink"),
                    (boolean) attributes.get("isRegularFile") || (boolean) attributes.get("isDirectory"));
        }

        boolean isWritableByAll() {
            return (mode & WRITABLE_BY_ALL) != 0;
        }

        private boolean isWritableByGroup() {
            return (mode & WRITABLE_BY_GROUP) != 0;
        }
    }

    /**
     * Whether {@code entry} of {@code folder} may be followed, waited for or replaced.
     *
     * <p>What belongs to a trusted user may be. A file or a folder of somebody else may be where not everybody can have put
     * it there, or the folder around it is the same user's. A link could lead to any file of ours, and a pipe have us wait
     * for ever: they may be where only trusted users can have made them.
     */
    boolean allows(Entry entry, Entry folder) {
        if (users.contains(entry.user)) {
            return true;
        }
        if (entry.isPlain) {
            return !folder.isWritableByAll() || entry.user == folder.user;
        }
        boolean isShared = folder.isWritableByGroup() && groups.contains(folder.group);
        return !folder.isWritableByAll()
                && (users.contains(folder.user) || isShared)
                && (!folder.isWritableByGroup() || isShared);
    }
}

package io.github.forkless.coordinator.code;

import io.github.forkless.coordinator.journal.Sha256;
import io.github.forkless.coordinator.machine.ProgramClassPath;
import io.github.forkless.coordinator.result.InvalidRequestException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * A digest of code: of some classes and of all that they name, and that these name, as far as workers find them on
 * their class path. The JDK's are not in it, nor is what only shows when the code runs: classes that are looked up by a
 * name it puts together, services, resources, native libraries.
 *
 * @param classes how many there are
 * @param sha256 of their names and bytes, in hex
 */
record ClassDigest(int classes, String sha256) {
    private static final ClassLoader OWN = ClassDigest.class.getClassLoader();

    /**
     * @param roots where to begin, by name
     * @param shipped classes that come before those of any class path, by name
     * @param classPath searched after that of this program
     * @param wanted by their names, with slashes: which of the classes are to be in the digest
     * @throws InvalidRequestException when one of them cannot be read
     */
    static ClassDigest of(
            Collection<String> roots, Map<String, byte[]> shipped, List<Path> classPath, Predicate<String> wanted) {
        var found = new TreeMap<String, byte[]>();
        try (var loader = new URLClassLoader(ProgramClassPath.urls(classPath), OWN)) {
            var seen = new HashSet<String>();
            Queue<String> next = new ArrayDeque<>();
            roots.forEach(name -> next.add(name.replace('.', '/')));
            for (String name = next.poll(); name != null; name = next.poll()) {
                if (seen.add(name) && wanted.test(name)) {
                    Optional<byte[]> bytes = bytes(name, shipped, loader);
                    if (bytes.isPresent()) {
                        found.put(name, bytes.get());
                        next.addAll(ClassNames.in(bytes.get()));
                    }
                }
            }
        } catch (IOException e) {
            throw new InvalidRequestException("the job's classes cannot be read, which its journal needs: " + e);
        }
        var digest = new Sha256();
        found.forEach((name, bytes) -> digest.add(name).add(bytes));
        return new ClassDigest(found.size(), digest.hex());
    }

    private static Optional<byte[]> bytes(String name, Map<String, byte[]> shipped, ClassLoader loader)
            throws IOException {
        byte[] own = shipped.get(name.replace('/', '.'));
        if (own != null) {
            return Optional.of(own);
        }
        URL resource = loader.getResource(name + ".class");
        if (resource == null || resource.getProtocol().equals("jrt")) {
            return Optional.empty();
        }
        try (InputStream bytes = loader.getResourceAsStream(name + ".class")) {
            return Optional.of(bytes.readAllBytes());
        }
    }
}

package io.github.forkless.coordinator.machine;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;

/**
 * Gives a file a name that is free, in one step. The JDK can look first and rename then, and lose the file of whoever
 * came between; or make a second name and remove the first, which changes the file after others have seen it.
 */
public final class NewName {
    private static final int EEXIST = 17;

    private NewName() {}

    /**
     * @return false where that cannot be done so, and nothing was: on some file systems, and where the JVM was not given
     *     {@code --enable-native-access}, as it would warn on stderr
     * @throws FileAlreadyExistsException if the name is taken
     */
    public static boolean give(Path file, Path name) throws FileAlreadyExistsException {
        if (!NewName.class.getModule().isNativeAccessEnabled() || !SystemCalls.areKnown()) {
            return false;
        }
        try {
            SystemCalls.rename(file, name);
            return true;
        } catch (SystemCallException e) {
            if (e.errno() == EEXIST) {
                throw new FileAlreadyExistsException(name.toString());
            }
            return false;
        } catch (IOException e) {
            return false;
        }
    }
}

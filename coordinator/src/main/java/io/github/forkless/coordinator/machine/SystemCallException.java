package io.github.forkless.coordinator.machine;

import java.io.IOException;

/** The kernel refuses to say or to change where memory is: it has nothing to do with the file that this is about. */
public final class SystemCallException extends IOException {
    private static final long serialVersionUID = 1;
    private static final int EPERM = 1;
    private static final int EINVAL = 22;

    private final int errno;

    SystemCallException(String call, int errno) {
        super(call + " failed with errno " + errno
                + (errno == EPERM ? "; so it is in containers whose seccomp profile does not allow it" : ""));
        this.errno = errno;
    }

    int errno() {
        return errno;
    }

    /** Whether the kernel knows no such call, or not for this. */
    public boolean isUnsupported() {
        return errno == EINVAL;
    }
}

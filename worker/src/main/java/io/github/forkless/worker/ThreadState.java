package io.github.forkless.worker;

import java.lang.Thread.UncaughtExceptionHandler;

/** What a task finds set on its thread, and can set for all that come after it. For that thread alone. */
final class ThreadState {
    private final Thread thread = Thread.currentThread();
    private final String name = thread.getName();
    private final int priority = thread.getPriority();
    private final ClassLoader loader = thread.getContextClassLoader();
    private final UncaughtExceptionHandler handler = thread.getUncaughtExceptionHandler();

    /** Sets everything as it was. */
    void restore() {
        Thread.interrupted();
        if (thread.getContextClassLoader() != loader) {
            thread.setContextClassLoader(loader);
        }
        if (thread.getName() != name) {
            thread.setName(name);
        }
        if (thread.getPriority() != priority) {
            thread.setPriority(priority);
        }
        if (thread.getUncaughtExceptionHandler() != handler) {
            thread.setUncaughtExceptionHandler(handler);
        }
    }
}

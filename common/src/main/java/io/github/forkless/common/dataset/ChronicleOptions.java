package io.github.forkless.common.dataset;

/** What Chronicle Bytes needs of JDK 25, to work and to do so without a warning. Workers have it; a program may not. */
final class ChronicleOptions {
    private static final Module BASE = Object.class.getModule();

    /** @throws IllegalStateException when this JVM was started without; before Chronicle fails or warns in words of its own */
    static void require() {
        Module ours = ChronicleOptions.class.getModule();
        boolean isComplete = "allow".equals(System.getProperty("sun.misc.unsafe.memory.access"))
                && BASE.isExported("jdk.internal.ref", ours)
                && BASE.isExported("sun.nio.ch", ours)
                && BASE.isOpen("java.lang.reflect", ours);
        if (!isComplete) {
            throw new IllegalStateException(
                    "records are written and read by Chronicle Bytes, for which a program must be"
                            + " started with these options: java --sun-misc-unsafe-memory-access=allow"
                            + " --add-exports=java.base/jdk.internal.ref=ALL-UNNAMED"
                            + " --add-exports=java.base/sun.nio.ch=ALL-UNNAMED"
                            + " --add-opens=java.base/java.lang.reflect=ALL-UNNAMED");
        }
    }

    private ChronicleOptions() {}
}

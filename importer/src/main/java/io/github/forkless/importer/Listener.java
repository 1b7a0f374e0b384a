package io.github.forkless.importer;

import io.github.forkless.common.wire.ImportMessage;

/** Is told what happens during an import. */
@FunctionalInterface
interface Listener {
    /** For who wants to know nothing. */
    Listener NONE = _ -> {};

    void tell(ImportMessage message);

    default void read(long bytes, long of) {
        tell(new ImportMessage.Read(bytes, of));
    }
}

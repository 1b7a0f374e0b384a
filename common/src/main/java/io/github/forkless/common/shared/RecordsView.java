package io.github.forkless.common.shared;

import io.github.forkless.common.dataset.Block;
import io.github.forkless.common.dataset.Layout;
import io.github.forkless.common.dataset.RecordTypes;
import java.util.List;

/**
 * Bytes of a file of records.
 *
 * @param offset of the first record
 * @param count of records
 * @param bytes of all of them
 * @param classes that they are of: those that the program has written, and the only ones that are made of them
 */
record RecordsView(long offset, long count, long bytes, List<String> classes) implements View {

    @Override
    public Object of(Block whole) {
        Block records = Block.ofRecords(new Layout.Records(offset, count, bytes, 0), whole.segment());
        ClassLoader ofThread = Thread.currentThread().getContextClassLoader();
        return new Records<>(
                records, RecordTypes.named(classes, ofThread == null ? RecordsView.class.getClassLoader() : ofThread));
    }
}

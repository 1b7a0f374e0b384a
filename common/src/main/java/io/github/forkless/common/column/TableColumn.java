package io.github.forkless.common.column;

/**
 * What a column is.
 *
 * @param name which another column may have, too
 * @param type what is read of it
 * @param label all that the file says of its type: {@code timestamp[ns, UTC]}, {@code decimal128(10, 2)}
 */
public record TableColumn(String name, ColumnType type, String label) {}

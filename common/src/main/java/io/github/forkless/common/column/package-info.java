/**
 * The columns of a table, read in place.
 *
 * <p>Start with {@link io.github.forkless.common.column.Column} and its subclasses, which a block of a table gives: {@code
 * block.doubles("price")}. A {@link io.github.forkless.common.column.TableColumn} says what a column is. Nothing here knows how a
 * file says where its columns are.
 */
package io.github.forkless.common.column;

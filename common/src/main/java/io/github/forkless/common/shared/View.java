package io.github.forkless.common.shared;

import io.github.forkless.common.dataset.Block;
import java.io.Serializable;

/**
 * What shared bytes are seen as. It travels in the handle, so it is an enum constant or a record of what travels both by
 * {@link io.github.forkless.common.value.ValueWriter} and by Java serialization.
 */
sealed interface View extends Serializable permits Elements, Matrix.Shape, RecordsView, Strings.Shape, Table.Shape {

    /** @param whole all bytes of the file */
    Object of(Block whole);
}

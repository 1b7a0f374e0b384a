package io.github.forkless.common.value;

/**
 * An object that travels as a record, as Java's serialization proxies do: {@link ValueWriter} writes {@link #packed()}
 * in its place, and a {@link ValueReader} that is granted the record's class calls {@link Packed#unpacked()}. For
 * partials that are kept in one form while they are added to and sent in another.
 */
public interface Packable {

    /** A record that holds all of this object's state. */
    Packed packed();

    /** What a {@link Packable} travels as; implemented by a record. */
    interface Packed {

        /**
         * The object again.
         *
         * @throws IllegalArgumentException when the record's contents are not such an object's
         */
        Packable unpacked();
    }
}

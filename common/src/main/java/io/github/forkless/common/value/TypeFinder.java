package io.github.forkless.common.value;

import java.util.Optional;

/**
 * Which classes a reader may make objects of. The sender only names them; the reader decides. With {@link #NONE}, what
 * is read consists of the JDK's data types and {@link RecordValue} alone, so that nothing a sender writes can run code.
 */
@FunctionalInterface
public interface TypeFinder {
    TypeFinder NONE = name -> Optional.empty();

    /** The class called {@code name}; empty if it is not to be used. */
    Optional<Class<?>> find(String name);

    /**
     * One that does not have everything replaced. It is a type of its own, not a method with a default: whoever implements
     * an interface that has both this and a constant initializes it, and an AOT cache has no lambda that does.
     */
    interface Strict extends TypeFinder {
        /**
         * Called for a record or an enum that was not found, and would become a {@link RecordValue} or its constant's name.
         *
         * @throws ValueRefusedException when it must not
         */
        void requireReplaceable(String name);
    }
}

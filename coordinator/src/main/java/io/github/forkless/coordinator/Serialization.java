package io.github.forkless.coordinator;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.NotSerializableException;
import java.io.ObjectOutputStream;
import java.lang.invoke.SerializedLambda;
import java.lang.reflect.Method;
import java.util.Optional;

/** Packs lambdas and jobs for their way to the workers, and says what stands in the way. */
final class Serialization {

    /**
     * @param what what users call {@code object}, for messages
     * @throws InvalidRequestException when part of it is not serializable, naming the part
     */
    static byte[] bytes(Object object, String what) {
        var bytes = new ByteArrayOutputStream();
        try (var out = new ObjectOutputStream(bytes)) {
            out.writeObject(object);
        } catch (NotSerializableException e) {
            throw new InvalidRequestException(
                    what + " cannot travel to the workers: " + culprit(object, e.getMessage()));
        } catch (IOException e) {
            throw new InvalidRequestException(what + " cannot travel to the workers: " + e);
        }
        return bytes.toByteArray();
    }

    private static String culprit(Object object, String unserializable) {
        Optional<SerializedLambda> lambda = lambda(object);
        if (lambda.isEmpty()) {
            return "it holds a " + unserializable + ", which is not Serializable";
        }
        for (int i = 0; i < lambda.get().getCapturedArgCount(); i++) {
            Object captured = lambda.get().getCapturedArg(i);
            if (captured != null && captured.getClass().getName().equals(unserializable)) {
                boolean isThis =
                        unserializable.equals(lambda.get().getCapturingClass().replace('/', '.'));
                return "the lambda captures " + (isThis ? "'this', a " : "a ") + unserializable
                        + ", which is not Serializable; copy what it needs of it into a local variable first";
            }
        }
        return "something that the lambda captures holds a " + unserializable + ", which is not Serializable";
    }

    /** How {@code object} would be serialized if it is a serializable lambda. */
    static Optional<SerializedLambda> lambda(Object object) {
        try {
            Method replace = object.getClass().getDeclaredMethod("writeReplace");
            replace.setAccessible(true);
            return replace.invoke(object) instanceof SerializedLambda lambda ? Optional.of(lambda) : Optional.empty();
        } catch (ReflectiveOperationException e) {
            return Optional.empty();
        }
    }

    private Serialization() {}
}

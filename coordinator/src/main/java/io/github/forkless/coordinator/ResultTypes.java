package io.github.forkless.coordinator;

import io.github.forkless.common.job.DataFunction;
import io.github.forkless.common.job.Job;
import io.github.forkless.common.value.TypeFinder;
import java.lang.invoke.MethodType;
import java.lang.invoke.SerializedLambda;
import java.lang.reflect.GenericArrayType;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.lang.reflect.WildcardType;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Which records and enums a program's results may be made of: those that the job or function declares to return, those
 * that these declare in turn, and those that the pool's options grant. A worker cannot have any other class made here.
 */
final class ResultTypes {
    private final Map<String, Class<?>> granted = new HashMap<>();

    /** For jobs of class {@code job}: what its type says it finishes with. */
    static TypeFinder of(Class<?> job, Collection<Class<?>> alsoGranted) {
        var types = new ResultTypes(alsoGranted);
        for (Class<?> type = job; type != null; type = type.getSuperclass()) {
            for (Type implemented : type.getGenericInterfaces()) {
                types.grantResultOf(implemented);
            }
        }
        return types.finder();
    }

    /** For a lambda: the return type of the method that its body became. Type arguments are lost there. */
    static TypeFinder ofLambda(DataFunction<?, ?> function, Collection<Class<?>> alsoGranted) {
        var types = new ResultTypes(alsoGranted);
        Optional<SerializedLambda> lambda = Serialization.lambda(function);
        if (lambda.isPresent()) {
            ClassLoader loader = function.getClass().getClassLoader();
            types.grant(MethodType.fromMethodDescriptorString(lambda.get().getImplMethodSignature(), loader)
                    .returnType());
        }
        return types.finder();
    }

    private ResultTypes(Collection<Class<?>> alsoGranted) {
        alsoGranted.forEach(this::grant);
    }

    private TypeFinder finder() {
        return name -> Optional.ofNullable(granted.get(name));
    }

    private void grantResultOf(Type implemented) {
        if (implemented instanceof ParameterizedType parameterized
                && parameterized.getRawType() instanceof Class<?> raw
                && Job.class.isAssignableFrom(raw)
                && parameterized.getActualTypeArguments().length == 2) {
            grant(parameterized.getActualTypeArguments()[1]);
        }
    }

    private void grant(Type type) {
        switch (type) {
            case Class<?> c -> grantClass(c);
            case ParameterizedType p -> {
                grant(p.getRawType());
                List.of(p.getActualTypeArguments()).forEach(this::grant);
            }
            case GenericArrayType a -> grant(a.getGenericComponentType());
            case WildcardType w -> List.of(w.getUpperBounds()).forEach(this::grant);
            case TypeVariable<?> _ -> {}
            default -> throw new IllegalArgumentException("a type of an unknown kind: " + type);
        }
    }

    private void grantClass(Class<?> type) {
        if (type.isArray()) {
            grant(type.getComponentType());
        } else if (type.isEnum()) {
            granted.put(type.getName(), type);
        } else if (type.isRecord() && granted.put(type.getName(), type) == null) {
            for (RecordComponent component : type.getRecordComponents()) {
                grant(component.getGenericType());
            }
        } else if (type.isSealed()) {
            List.of(type.getPermittedSubclasses()).forEach(this::grant);
        }
    }

    /** A result is of the type that the job or function declares; if not, its user meets a ClassCastException. */
    @SuppressWarnings("unchecked")
    static <R> R unchecked(Object result) {
        return (R) result;
    }

    @SuppressWarnings("unchecked")
    static <R> List<R> uncheckedList(List<Object> results) {
        return (List<R>) results;
    }
}

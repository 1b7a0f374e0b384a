package io.github.forkless.coordinator.code;

import io.github.forkless.common.job.DataFunction;
import io.github.forkless.common.job.FailedSet;
import io.github.forkless.common.job.Job;
import io.github.forkless.common.job.OrderedJob;
import io.github.forkless.common.job.Reduction;
import io.github.forkless.common.job.WithoutData;
import io.github.forkless.common.value.Packable;
import io.github.forkless.common.value.RecordValue;
import io.github.forkless.common.value.TypeFinder;
import io.github.forkless.common.value.ValueRefusedException;
import io.github.forkless.coordinator.result.InvalidRequestException;
import java.io.Serializable;
import java.lang.invoke.MethodHandleInfo;
import java.lang.invoke.MethodType;
import java.lang.invoke.SerializedLambda;
import java.lang.reflect.Executable;
import java.lang.reflect.GenericArrayType;
import java.lang.reflect.Method;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.lang.reflect.WildcardType;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Which classes a program's results may be made of: the records and enums that the job or function declares to return,
 * those that these declare in turn, and what the pool's options grant. A worker cannot have any other class made here. Others
 * are refused where a lambda may have meant them; of a job, whose class says all that it returns, they are replaced.
 */
public final class ResultTypes {
    private static final int MOST_VARIABLES = 20;
    private static final TypeVariable<?> PARTIAL = Job.class.getTypeParameters()[0];
    private static final TypeVariable<?> RESULT = Job.class.getTypeParameters()[1];

    /** What the methods of {@link DataFunction}, of the parts of a {@link Reduction} and of tasks are called. */
    private static final Set<String> FUNCTIONS = Set.of("apply", "get", "accept", "call", "run");

    /** What functions of a class return, once one of them was seen: finding that out takes 7 us, of a round trip of 100. */
    private static final ClassValue<AtomicReference<TypeFinder>> RETURNED = new ClassValue<>() {
        @Override
        protected AtomicReference<TypeFinder> computeValue(Class<?> function) {
            return new AtomicReference<>();
        }
    };

    private final Map<String, Class<?>> granted = new HashMap<>();
    /** What type variables stand for, as far as the class of a job says it. */
    private final Map<TypeVariable<?>, Type> bound = new HashMap<>();

    /**
     * For jobs: what their classes say they finish with.
     *
     * @throws InvalidRequestException when that, or what their partials are said to be, cannot travel
     */
    public static TypeFinder of(Collection<? extends Job<?, ?>> jobs, Collection<Class<?>> alsoGranted) {
        var types = new ResultTypes(alsoGranted);
        boolean areLambdas = false;
        for (Job<?, ?> job : jobs) {
            types.grantResultOf(job);
            areLambdas |= job instanceof Reduction<?>;
        }
        return areLambdas ? types.strictFinder() : types.finder();
    }

    /**
     * For a function: what it says it returns.
     *
     * @throws InvalidRequestException when that cannot travel
     */
    public static TypeFinder of(DataFunction<?, ?> function, Collection<Class<?>> alsoGranted) {
        var written = (Serializable) WithoutData.written(function);
        if (!alsoGranted.isEmpty()) {
            return of("the function", written, alsoGranted);
        }
        AtomicReference<TypeFinder> known = RETURNED.get(written.getClass());
        if (known.get() == null) {
            known.set(of("the function", written, List.of()));
        }
        return known.get();
    }

    /**
     * For a task of an executor: what it says it returns.
     *
     * @throws InvalidRequestException when that cannot travel
     */
    public static TypeFinder ofTask(Serializable task, Collection<Class<?>> alsoGranted) {
        return of("the task", task, alsoGranted);
    }

    private static TypeFinder of(String what, Serializable function, Collection<Class<?>> alsoGranted) {
        var types = new ResultTypes(alsoGranted);
        types.grantReturned(what, function);
        return types.strictFinder();
    }

    /** The exceptions that a task of an executor declares to throw, beside what the options grant. */
    public static Set<Class<?>> thrownBy(Serializable task, Collection<Class<?>> alsoGranted) {
        Set<Class<?>> thrown = new HashSet<>(alsoGranted);
        Optional<SerializedLambda> lambda = Serialization.lambda(task);
        if (lambda.isPresent()) {
            try {
                Executable code = code(lambda.get(), task.getClass().getClassLoader());
                thrown.addAll(List.of(code.getExceptionTypes()));
            } catch (ReflectiveOperationException e) {
                return thrown; // an inherited method
            }
        } else {
            methods(task).forEach(method -> thrown.addAll(List.of(method.getExceptionTypes())));
        }
        return thrown;
    }

    private ResultTypes(Collection<Class<?>> alsoGranted) {
        alsoGranted.forEach(type -> {
            grant(type);
            granted.put(type.getName(), type); // whatever it is, a BytesMarshallable for example
        });
    }

    private TypeFinder finder() {
        return name -> Optional.ofNullable(granted.get(name));
    }

    /**
     * For a function, of whose result only the erased type may be known: what it does not tell is refused, or the caller would
     * meet it as a ClassCastException.
     */
    private TypeFinder strictFinder() {
        if (granted.containsKey(RecordValue.class.getName())) {
            return finder();
        }
        return new TypeFinder.Strict() {
            @Override
            public Optional<Class<?>> find(String name) {
                return Optional.ofNullable(granted.get(name));
            }

            @Override
            public void requireReplaceable(String name) {
                if (!name.equals(FailedSet.class.getName())) {
                    String type = DeclaredType.inSource(name);
                    throw new ValueRefusedException("it holds a " + name + ", which the declared result type does not"
                            + " name, as that of a lambda that returns a List<" + type + ">: grant " + type
                            + " with PoolOptions.withResultTypes(" + type + ".class), or pass a method reference; or"
                            + " grant RecordValue.class to have records as these, and enum constants as their names");
                }
            }
        };
    }

    private void grantResultOf(Job<?, ?> job) {
        if (job instanceof Reduction<?>(var first, var step, var join)) {
            List.of(first, step, join).forEach(function -> grantReturned("the job", function));
        } else {
            bound.clear();
            bind(job.getClass());
            String what = "the job " + job.getClass().getSimpleName();
            if (!(job instanceof OrderedJob<?, ?>)) {
                DeclaredType.requireWritable(what + " has as its partial ", resolved(PARTIAL));
            }
            requireReadable(what + " finishes with ", resolved(RESULT));
            grant(RESULT);
        }
    }

    /** Notes what the type variables of {@code type}'s supertypes stand for. */
    private void bind(Type type) {
        Class<?> raw = null;
        if (type instanceof Class<?> c) {
            raw = c;
        } else if (type instanceof ParameterizedType p) {
            raw = (Class<?>) p.getRawType();
            TypeVariable<?>[] variables = raw.getTypeParameters();
            for (int i = 0; i < variables.length; i++) {
                bound.put(variables[i], p.getActualTypeArguments()[i]);
            }
        }
        if (raw != null) {
            bind(raw.getGenericSuperclass());
            Arrays.asList(raw.getGenericInterfaces()).forEach(this::bind);
        }
    }

    /**
     * The return type of the method behind a function. The one that the compiler makes of a lambda's body has lost its
     * type arguments; the one that {@code Type::method} names has not.
     */
    private void grantReturned(String what, Serializable function) {
        List<Type> returned = Serialization.lambda(function)
                .map(lambda -> List.of(returned(lambda, function.getClass().getClassLoader())))
                .orElseGet(() -> methods(function).stream()
                        .map(Method::getGenericReturnType)
                        .toList());
        if (returned.size() == 1) { // or nobody knows which of them is called
            requireReadable(what + " returns ", returned.getFirst());
        }
        returned.forEach(this::grant);
    }

    private static Type returned(SerializedLambda lambda, ClassLoader loader) {
        try {
            Executable code = code(lambda, loader);
            return code instanceof Method method ? method.getGenericReturnType() : code.getDeclaringClass();
        } catch (ReflectiveOperationException e) {
            return signature(lambda, loader).returnType(); // an inherited method
        }
    }

    private void requireReadable(String what, Type declared) {
        DeclaredType.requireReadable(what, declared, granted.values());
    }

    /** What a type variable stands for, or itself. */
    private Type resolved(Type type) {
        Type meant = type;
        for (int i = 0; i < MOST_VARIABLES && bound.containsKey(meant); i++) { // a variable may be bound by itself
            meant = bound.get(meant);
        }
        return meant;
    }

    private static MethodType signature(SerializedLambda lambda, ClassLoader loader) {
        return MethodType.fromMethodDescriptorString(lambda.getImplMethodSignature(), loader);
    }

    /** The method or constructor behind a lambda. */
    private static Executable code(SerializedLambda lambda, ClassLoader loader) throws ReflectiveOperationException {
        Class<?> owner = Class.forName(lambda.getImplClass().replace('/', '.'), false, loader);
        Class<?>[] parameters = signature(lambda, loader).parameterArray();
        return lambda.getImplMethodKind() == MethodHandleInfo.REF_newInvokeSpecial
                ? owner.getDeclaredConstructor(parameters)
                : owner.getDeclaredMethod(lambda.getImplMethodName(), parameters);
    }

    /** Of a function that is no lambda, the methods that a worker may call. */
    private static List<Method> methods(Serializable function) {
        return Arrays.stream(function.getClass().getMethods())
                .filter(method -> !method.isBridge() && FUNCTIONS.contains(method.getName()))
                .toList();
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
            case TypeVariable<?> v -> {
                Type meant = bound.remove(v); // once is enough, and a variable may be bound by itself
                if (meant != null) {
                    grant(meant);
                }
            }
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
        } else if (Packable.class.isAssignableFrom(type)) {
            grantPacked(type);
        }
    }

    private void grantPacked(Class<?> type) {
        try {
            grant(type.getMethod("packed").getGenericReturnType());
        } catch (NoSuchMethodException e) {
            throw new AssertionError("a Packable has it", e);
        }
    }

    /** A result is of the type that the job or function declares; if not, its user meets a ClassCastException. */
    @SuppressWarnings("unchecked")
    public static <R> R unchecked(Object result) {
        return (R) result;
    }

    @SuppressWarnings("unchecked")
    public static <R> List<R> uncheckedList(List<Object> results) {
        return (List<R>) results;
    }
}

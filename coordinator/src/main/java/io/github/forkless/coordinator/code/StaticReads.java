package io.github.forkless.coordinator.code;

import io.github.forkless.common.job.Reduction;
import io.github.forkless.common.job.StaticFields;
import io.github.forkless.common.job.TaskCall;
import io.github.forkless.common.job.WithoutData;
import io.github.forkless.common.shared.PerWorker;
import io.github.forkless.coordinator.machine.ProgramClassPath;
import java.io.IOException;
import java.io.InputStream;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.CodeElement;
import java.lang.classfile.MethodModel;
import java.lang.classfile.Opcode;
import java.lang.classfile.instruction.FieldInstruction;
import java.lang.classfile.instruction.InvokeDynamicInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.constant.ConstantDesc;
import java.lang.constant.DirectMethodHandleDesc;
import java.lang.invoke.SerializedLambda;
import java.lang.reflect.Field;
import java.lang.reflect.InaccessibleObjectException;
import java.lang.reflect.Modifier;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Which static fields a lambda or a job reads that its program may have set: those that are not final, and that the same
 * code does not set itself, as it does with what it keeps for later. Looks at the code of the lambda or the job's class, and at
 * what that calls in its own class.
 */
public final class StaticReads {
    /** By the lambda's or the job's class: its code does not change. */
    private static final ClassValue<AtomicReference<List<Field>>> KNOWN = new ClassValue<>() {
        @Override
        protected AtomicReference<List<Field>> computeValue(Class<?> type) {
            return new AtomicReference<>();
        }
    };

    private final Class<?> owner;
    private final Map<String, MethodModel> methods = new LinkedHashMap<>();
    private final Deque<String> unread = new ArrayDeque<>();
    private final Set<String> seen = new HashSet<>();
    private final Map<String, Field> reads = new LinkedHashMap<>();
    private final Set<String> writes = new HashSet<>();

    private StaticReads(Class<?> owner) {
        this.owner = owner;
    }

    /** The names of these fields that hold something now: see {@link StaticFields}. */
    public static List<String> setIn(Object code) {
        List<String> names = new ArrayList<>();
        addAll(code, names);
        return names;
    }

    private static void addAll(Object code, List<String> names) {
        if (code instanceof Collection<?> several) {
            for (Object each : several) {
                addAll(each, names);
            }
        } else if (code instanceof WithoutData<?, ?> function) {
            addAll(function.function(), names);
        } else if (code instanceof TaskCall call) {
            addAll(call.task(), names);
        } else if (code instanceof PerWorker.Recipe<?> recipe) {
            addAll(List.of(recipe.maker(), recipe.closer()), names);
        } else if (code instanceof Reduction<?> reduction) {
            addAll(List.of(reduction.first(), reduction.step(), reduction.join()), names);
        } else {
            for (Field field : fields(code)) {
                try {
                    if (StaticFields.isSet(field) && !ShellVariables.isOne(field)) {
                        names.add(StaticFields.name(field));
                    }
                } catch (InaccessibleObjectException e) {
                    names.add(StaticFields.name(field)); // of a module that is closed to this one, and perhaps set
                } catch (ReflectiveOperationException | RuntimeException e) {
                    // It is not ours to look at.
                }
            }
        }
    }

    private static List<Field> fields(Object code) {
        AtomicReference<List<Field>> known = KNOWN.get(code.getClass());
        if (known.get() == null) {
            known.set(find(code));
        }
        return known.get();
    }

    private static List<Field> find(Object code) {
        Optional<SerializedLambda> lambda = Serialization.lambda(code);
        try {
            ClassLoader loader = code.getClass().getClassLoader();
            Class<?> owner = lambda.isPresent()
                    ? Class.forName(lambda.get().getImplClass().replace('/', '.'), false, loader)
                    : code.getClass();
            var reads = new StaticReads(owner);
            if (!reads.readClass()) {
                return List.of();
            }
            if (lambda.isPresent()) {
                reads.add(lambda.get().getImplMethodName() + lambda.get().getImplMethodSignature());
            } else {
                reads.methods.keySet().stream()
                        .filter(name -> !name.startsWith("<clinit>"))
                        .forEach(reads::add);
            }
            return reads.found();
        } catch (ClassNotFoundException | IOException | RuntimeException | LinkageError e) {
            return List.of(); // a class that cannot be looked at is no reason not to run it
        }
    }

    private boolean readClass() throws IOException {
        if (ProgramClassPath.isOfTheJdk(owner)) {
            return false;
        }
        try (InputStream in = owner.getResourceAsStream(
                owner.getName()
                                .substring(
                                        owner.getPackageName().isEmpty()
                                                ? 0
                                                : owner.getPackageName().length() + 1) + ".class")) {
            if (in == null) {
                return false;
            }
            ClassModel model = ClassFile.of().parse(in.readAllBytes());
            for (MethodModel method : model.methods()) {
                methods.put(
                        method.methodName().stringValue() + method.methodType().stringValue(), method);
            }
            return true;
        }
    }

    private void add(String method) {
        if (methods.containsKey(method) && seen.add(method)) {
            unread.add(method);
        }
    }

    private List<Field> found() {
        while (!unread.isEmpty()) {
            methods.get(unread.remove()).code().ifPresent(code -> code.forEach(this::look));
        }
        reads.keySet().removeAll(writes);
        return List.copyOf(reads.values());
    }

    private void look(CodeElement element) {
        String own = owner.getName().replace('.', '/');
        if (element instanceof FieldInstruction access) {
            String name = access.owner().asInternalName() + "." + access.name().stringValue();
            if (access.opcode() == Opcode.PUTSTATIC) {
                writes.add(name);
            } else if (access.opcode() == Opcode.GETSTATIC) {
                settable(access).ifPresent(field -> reads.put(name, field));
            }
        } else if (element instanceof InvokeInstruction call
                && call.owner().asInternalName().equals(own)) {
            add(call.name().stringValue() + call.type().stringValue());
        } else if (element instanceof InvokeDynamicInstruction lambda) {
            for (ConstantDesc argument : lambda.bootstrapArgs()) {
                if (argument instanceof DirectMethodHandleDesc method
                        && method.owner().descriptorString().equals("L" + own + ";")) {
                    add(method.methodName() + method.lookupDescriptor());
                }
            }
        }
    }

    /** The field, if it is not final and not the JDK's. */
    private Optional<Field> settable(FieldInstruction access) {
        try {
            Class<?> type =
                    Class.forName(access.owner().asInternalName().replace('/', '.'), false, owner.getClassLoader());
            Field field = declared(type, access.name().stringValue());
            return ProgramClassPath.isOfTheJdk(field.getDeclaringClass()) || Modifier.isFinal(field.getModifiers())
                    ? Optional.empty()
                    : Optional.of(field);
        } catch (ReflectiveOperationException | LinkageError e) {
            return Optional.empty();
        }
    }

    private static Field declared(Class<?> type, String name) throws NoSuchFieldException {
        for (Class<?> each = type; each != null; each = each.getSuperclass()) {
            for (Field field : each.getDeclaredFields()) {
                if (field.getName().equals(name)) {
                    return field;
                }
            }
        }
        throw new NoSuchFieldException(type.getName() + "." + name);
    }
}

package io.github.forkless.coordinator.code;

import io.github.forkless.common.job.StaticFields;
import io.github.forkless.coordinator.result.InvalidRequestException;
import java.lang.classfile.ClassFile;
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
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * The variables of jshell that code reads. jshell wraps a class of its own around each snippet; a variable is a static field
 * of one. Looks at the methods that run, from the body of a lambda on, and at the variables that their values read in turn.
 */
final class ShellVariables {
    private static final String SHELL = "REPL.$JShell$";
    private static final Pattern WRAPPER = Pattern.compile("REPL\\.\\$JShell\\$[^$]+");

    private final ClassLoader loader;
    private final long most;
    private final Set<Class<?>> foreign;
    private final Map<String, byte[]> values = new TreeMap<>();
    private final Map<String, Map<String, MethodModel>> methods = new HashMap<>();
    private final Set<String> seen = new HashSet<>();
    private final Queue<MethodModel> unread = new ArrayDeque<>();
    private final Queue<Object> unwritten = new ArrayDeque<>();

    private ShellVariables(ClassLoader loader, long most, Set<Class<?>> foreign) {
        this.loader = loader;
        this.most = most;
        this.foreign = foreign;
    }

    /** Whether a field is one, and not of a class that was typed into jshell. */
    static boolean isOne(Field field) {
        return WRAPPER.matcher(field.getDeclaringClass().getName()).matches();
    }

    /**
     * @param most how many bytes each may be
     * @param foreign classes that {@code object} names; those that values name are added
     * @return the values, by {@link StaticFields#name}
     * @throws InvalidRequestException when one of them cannot travel
     */
    static Map<String, byte[]> of(Object object, Set<Class<?>> foreign, long most) {
        for (Class<?> type : foreign) {
            if (type.getName().startsWith(SHELL)) {
                var variables = new ShellVariables(type.getClassLoader(), most, foreign);
                variables.collect(object);
                return variables.values;
            }
        }
        return Map.of();
    }

    private void collect(Object object) {
        unwritten.add(object);
        while (!unwritten.isEmpty()) {
            Serialization.forEachPart(unwritten.remove(), this::addPart);
            ForeignCode.of(foreign).classes().keySet().forEach(this::addClass);
            while (!unread.isEmpty()) {
                unread.remove().code().ifPresent(code -> code.forEach(this::look));
            }
        }
    }

    private void addPart(Object part) {
        if (part instanceof SerializedLambda lambda) {
            addMethod(lambda.getImplClass(), lambda.getImplMethodName() + lambda.getImplMethodSignature());
        }
    }

    private void look(CodeElement element) {
        switch (element) {
            case FieldInstruction access -> {
                if (access.opcode() == Opcode.GETSTATIC) {
                    addVariable(
                            access.owner().asInternalName().replace('/', '.'),
                            access.name().stringValue());
                }
            }
            case InvokeInstruction call ->
                addMethod(
                        call.owner().asInternalName(),
                        call.name().stringValue() + call.type().stringValue());
            case InvokeDynamicInstruction dynamic -> {
                for (ConstantDesc argument : dynamic.bootstrapArgs()) {
                    if (argument instanceof DirectMethodHandleDesc method) {
                        String owner = method.owner().descriptorString();
                        addMethod(
                                owner.substring(1, owner.length() - 1),
                                method.methodName() + method.lookupDescriptor());
                    }
                }
            }
            default -> {}
        }
    }

    /** Of a class that jshell has made, only what is called runs: the snippet itself does not. */
    private void addMethod(String owner, String method) {
        String name = owner.replace('/', '.');
        if (WRAPPER.matcher(name).matches()
                && seen.add(name + "." + method)
                && methods(name).containsKey(method)) {
            unread.add(methods(name).get(method));
        }
    }

    /** Of a class that was typed into jshell, any method may run. */
    private void addClass(String name) {
        if (name.startsWith(SHELL) && !WRAPPER.matcher(name).matches() && seen.add(name)) {
            unread.addAll(methods(name).values());
        }
    }

    private Map<String, MethodModel> methods(String owner) {
        return methods.computeIfAbsent(owner, name -> {
            var found = new TreeMap<String, MethodModel>();
            try {
                byte[] bytes = ForeignCode.bytes(Class.forName(name, false, loader));
                for (MethodModel method : ClassFile.of().parse(bytes).methods()) {
                    found.put(
                            method.methodName().stringValue()
                                    + method.methodType().stringValue(),
                            method);
                }
            } catch (ClassNotFoundException | LinkageError e) {
                // Who runs it is told so.
            }
            return found;
        });
    }

    private void addVariable(String owner, String name) {
        if (!WRAPPER.matcher(owner).matches() || !seen.add(owner + "#" + name)) {
            return;
        }
        try {
            Field field = Class.forName(owner, false, loader).getDeclaredField(name);
            field.setAccessible(true);
            Object value = field.get(null);
            Packed packed = Serialization.pack(value, "the variable '" + name + "', which the code reads,", most);
            values.put(StaticFields.name(field), packed.bytes());
            foreign.addAll(packed.foreign());
            if (value != null) {
                unwritten.add(value);
            }
        } catch (ReflectiveOperationException | LinkageError e) {
            throw new InvalidRequestException("the variable '" + name + "' of jshell cannot be read: " + e);
        }
    }
}

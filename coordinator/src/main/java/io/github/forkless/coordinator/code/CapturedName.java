package io.github.forkless.coordinator.code;

import java.io.IOException;
import java.io.InputStream;
import java.lang.classfile.Attributes;
import java.lang.classfile.ClassFile;
import java.lang.classfile.MethodModel;
import java.lang.classfile.attribute.CodeAttribute;
import java.lang.classfile.attribute.LocalVariableInfo;
import java.lang.classfile.attribute.LocalVariableTableAttribute;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.lang.invoke.MethodHandleInfo;
import java.lang.invoke.SerializedLambda;
import java.util.List;
import java.util.Optional;

/**
 * What the source calls a variable that a lambda captures. The compiler makes a method of a lambda's body, with the
 * captured variables as its first parameters, and notes their names as debug information.
 */
final class CapturedName {

    /** {@code 'this'}, {@code 'log'}, or {@code variable 2} where the class was compiled without names. */
    static String of(SerializedLambda lambda, ClassLoader loader, int index) {
        boolean isInstance = lambda.getImplMethodKind() != MethodHandleInfo.REF_invokeStatic;
        boolean isBody = lambda.getImplMethodName().startsWith("lambda$");
        if (isInstance && index == 0) {
            return isBody ? "'this'" : "the owner of " + lambda.getImplMethodName();
        }
        try {
            return inSource(lambda, loader, isInstance ? index - 1 : index, isInstance)
                    .map(name -> "'" + name + "'")
                    .orElse("variable " + (index + 1));
        } catch (IOException | IllegalArgumentException e) { // no class file, or one from the future
            return "variable " + (index + 1);
        }
    }

    private static Optional<String> inSource(
            SerializedLambda lambda, ClassLoader loader, int parameter, boolean isInstance) throws IOException {
        int slot = isInstance ? 1 : 0;
        for (ClassDesc type : MethodTypeDesc.ofDescriptor(lambda.getImplMethodSignature())
                .parameterList()
                .subList(0, parameter)) {
            slot += type.equals(ConstantDescs.CD_long) || type.equals(ConstantDescs.CD_double) ? 2 : 1;
        }
        for (MethodModel method : classFile(lambda, loader)) {
            if (method.methodName().equalsString(lambda.getImplMethodName())
                    && method.methodType().equalsString(lambda.getImplMethodSignature())) {
                return nameOf(slot, method);
            }
        }
        return Optional.empty();
    }

    private static Iterable<MethodModel> classFile(SerializedLambda lambda, ClassLoader loader) throws IOException {
        try (InputStream bytes = loader.getResourceAsStream(lambda.getImplClass() + ".class")) {
            if (bytes == null) {
                throw new IOException("no class file of " + lambda.getImplClass());
            }
            return ClassFile.of().parse(bytes.readAllBytes()).methods();
        }
    }

    private static Optional<String> nameOf(int slot, MethodModel method) {
        Optional<LocalVariableTableAttribute> table =
                method.findAttribute(Attributes.code()).flatMap(CapturedName::variables);
        for (LocalVariableInfo variable :
                table.map(LocalVariableTableAttribute::localVariables).orElseGet(List::of)) {
            if (variable.slot() == slot && variable.startPc() == 0) {
                return Optional.of(variable.name().stringValue());
            }
        }
        return Optional.empty();
    }

    private static Optional<LocalVariableTableAttribute> variables(CodeAttribute code) {
        return code.findAttribute(Attributes.localVariableTable());
    }

    private CapturedName() {}
}

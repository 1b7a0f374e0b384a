package io.github.forkless.coordinator.code;

import java.lang.classfile.ClassFile;
import java.lang.classfile.constantpool.ClassEntry;
import java.lang.classfile.constantpool.PoolEntry;
import java.lang.classfile.constantpool.Utf8Entry;
import java.util.Set;
import java.util.TreeSet;

/** The classes that a class names, other than the JDK's. */
final class ClassNames {

    /**
     * A class is named by its name or, in the type of a field or a method, between {@code L} and {@code ;} or a bracket.
     *
     * @return their names, with slashes, and perhaps other text; none of what is no class file that this JDK can read
     */
    static Set<String> in(byte[] classFile) {
        Set<String> names = new TreeSet<>();
        try {
            for (PoolEntry entry : ClassFile.of().parse(classFile).constantPool()) {
                if (entry instanceof ClassEntry type) {
                    add(type.asInternalName(), names);
                } else if (entry instanceof Utf8Entry text) {
                    addOfType(text.stringValue(), names);
                }
            }
        } catch (IllegalArgumentException e) {
            // It names nothing.
        }
        return names;
    }

    private static void addOfType(String type, Set<String> names) {
        for (int start = type.indexOf('L'); start >= 0; start = type.indexOf('L', start + 1)) {
            int end = start + 1;
            while (end < type.length() && type.charAt(end) != ';' && type.charAt(end) != '<') {
                end++;
            }
            if (end < type.length()) {
                add(type.substring(start + 1, end), names);
            }
        }
    }

    private static void add(String name, Set<String> names) {
        if (!name.startsWith("java/")) {
            names.add(name);
        }
    }

    private ClassNames() {}
}

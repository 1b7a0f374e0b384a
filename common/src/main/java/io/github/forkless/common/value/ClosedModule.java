package io.github.forkless.common.value;

/** What is wrong with a record that reflection may not look into, and what to do. */
final class ClosedModule {
    static String describe(Class<?> type) {
        String own = ClosedModule.class.getModule().getName();
        return "is a " + type.getName() + ", which cannot be read or made because its module, "
                + type.getModule().getName() + ", does not open " + type.getPackageName() + "; add 'opens "
                + type.getPackageName() + " to " + own
                + ";' to its module-info, or make the record public in a package that"
                + " is exported";
    }

    private ClosedModule() {}
}

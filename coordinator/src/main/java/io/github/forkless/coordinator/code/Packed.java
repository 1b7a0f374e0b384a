package io.github.forkless.coordinator.code;

import io.github.forkless.common.wire.JobSource;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * An object on its way to the workers.
 *
 * @param object what it was made of
 * @param bytes its Java serialization
 * @param foreign classes that it names and workers may not find on their class path
 * @param most how many bytes a value of it may be
 */
public record Packed(Object object, byte[] bytes, Set<Class<?>> foreign, long most) {

    /** What a function of it is in a worker. */
    public JobSource.Function function(Collection<?> parameters) {
        return new JobSource.Function(bytes, code(parameters));
    }

    /** What jobs of it are in a worker. */
    public JobSource.Objects jobs() {
        return new JobSource.Objects(bytes, code(List.of()));
    }

    private JobSource.Code code(Collection<?> parameters) {
        List<String> statics = StaticReads.setIn(object);
        if (foreign.isEmpty()) {
            return JobSource.Code.onClassPath(statics);
        }
        Set<Class<?>> roots = new LinkedHashSet<>(foreign);
        for (Object parameter : parameters) { // which a function may know by the name of a superclass alone
            if (parameter != null && ForeignCode.has(parameter.getClass())) {
                roots.add(parameter.getClass());
            }
        }
        Map<String, byte[]> variables = ShellVariables.of(object, roots, most);
        ForeignCode code = ForeignCode.of(roots);
        return new JobSource.Code(statics, code.locations(), code.classes(), variables);
    }
}

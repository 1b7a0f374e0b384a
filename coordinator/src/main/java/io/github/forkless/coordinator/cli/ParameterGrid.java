package io.github.forkless.coordinator.cli;

import io.github.forkless.coordinator.report.ParameterSets;
import io.github.forkless.coordinator.result.InvalidRequestException;
import java.math.BigDecimal;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.RandomAccess;

/** The parameter sets of a run, as they were typed: fixed parameters, and sweeps that multiply. The last sweep varies fastest. */
final class ParameterGrid {
    /** A slip of the keyboard in a range should not fill the memory. */
    private static final int MAX_SETS = 10_000_000;

    /** More digits than any double has; arithmetic with a million of them takes its time. */
    private static final int MAX_DIGITS = 1_000;

    /**
     * @param fixed name and value of each {@code --param}
     * @param sweeps name and range of each {@code --sweep}: {@code from:to}, {@code from:to:step} or {@code a,b,c}
     * @throws InvalidRequestException for what is not a range
     */
    static ParameterSets of(Map<String, String> fixed, Map<String, String> sweeps) {
        List<Map<String, String>> sets = List.of(fixed);
        List<Integer> shape = new ArrayList<>();
        for (Map.Entry<String, String> sweep : sweeps.entrySet()) {
            String name = sweep.getKey();
            if (fixed.containsKey(name)) {
                throw new InvalidRequestException(name + " is given by --param and by --sweep; choose one");
            }
            List<String> values = values(name, sweep.getValue());
            if ((long) sets.size() * values.size() > MAX_SETS) {
                throw new InvalidRequestException("--sweep " + name + "=" + sweep.getValue() + " makes more than "
                        + MAX_SETS + " parameter sets");
            }
            sets = new Product(sets, name, values);
            shape.add(values.size());
        }
        return new ParameterSets(sets, shape);
    }

    /** Each of some sets with each value of one more parameter. There may be millions: one is made when it is asked for. */
    private static final class Product extends AbstractList<Map<String, String>> implements RandomAccess {
        private final List<Map<String, String>> sets;
        private final String name;
        private final List<String> values;

        Product(List<Map<String, String>> sets, String name, List<String> values) {
            this.sets = sets;
            this.name = name;
            this.values = values;
        }

        @Override
        public Map<String, String> get(int index) {
            Map<String, String> larger = new LinkedHashMap<>(sets.get(index / values.size()));
            larger.put(name, values.get(index % values.size()));
            return larger;
        }

        @Override
        public int size() {
            return sets.size() * values.size();
        }
    }

    /** The values of a range, made in the same way. */
    private static final class Steps extends AbstractList<String> implements RandomAccess {
        private final BigDecimal from;
        private final BigDecimal step;
        private final int count;

        Steps(BigDecimal from, BigDecimal step, int count) {
            this.from = from;
            this.step = step;
            this.count = count;
        }

        @Override
        public String get(int index) {
            return from.add(step.multiply(BigDecimal.valueOf(index))).toPlainString();
        }

        @Override
        public int size() {
            return count;
        }
    }

    private static List<String> values(String name, String range) {
        String[] parts = range.split(":", -1);
        if (parts.length == 1) {
            return List.of(range.split(",", -1));
        }
        try {
            BigDecimal from = number(parts[0]);
            BigDecimal to = number(parts[1]);
            BigDecimal step = parts.length == 2 ? BigDecimal.ONE : number(parts[2]);
            if (parts.length <= 3 && step.signum() != 0 && to.subtract(from).signum() * step.signum() >= 0) {
                return steps(name, range, from, to, step);
            }
        } catch (NumberFormatException e) {
            // said below
        }
        throw new InvalidRequestException("--sweep " + name + "=" + range
                + " is not a range; write from:to, from:to:step (to included, step not 0 and in its direction)"
                + " or a,b,c");
    }

    private static BigDecimal number(String text) {
        BigDecimal number = new BigDecimal(text);
        if (number.precision() > MAX_DIGITS || Math.abs((long) number.scale()) > MAX_DIGITS) {
            throw new NumberFormatException(text);
        }
        return number;
    }

    private static List<String> steps(String name, String range, BigDecimal from, BigDecimal to, BigDecimal step) {
        BigDecimal count = to.subtract(from).divideToIntegralValue(step).add(BigDecimal.ONE);
        if (count.compareTo(BigDecimal.valueOf(MAX_SETS)) > 0) {
            throw new InvalidRequestException(
                    "--sweep " + name + "=" + range + " has more than " + MAX_SETS + " values");
        }
        return new Steps(from, step, count.intValueExact());
    }

    private ParameterGrid() {}
}

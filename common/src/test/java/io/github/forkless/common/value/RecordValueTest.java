package io.github.forkless.common.value;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RecordValueTest {

    @Test
    void theOrderOfComponentsMattersNeitherToEqualsNorToHashCode() {
        var xy = new RecordValue("Point", point("x", 1, "y", 2));
        var yx = new RecordValue("Point", point("y", 2, "x", 1));

        assertThat(xy).isEqualTo(yx).hasSameHashCodeAs(yx);
        assertThat(xy).isNotEqualTo(new RecordValue("Pair", point("x", 1, "y", 2)));
        assertThat(new RecordValue("Point", point("x", null, "y", 2)).hashCode())
                .isNotEqualTo(xy.hashCode());
    }

    /** As keys of a map they would be compared with each other, all with all, if their hashes were alike. */
    @Test
    void pointsOfAGridHaveHashesOfTheirOwn() {
        Set<Integer> hashes = new HashSet<>();
        for (int x = 0; x < 300; x++) {
            for (int y = 0; y < 300; y++) {
                hashes.add(new RecordValue("Point", point("x", x, "y", y)).hashCode());
            }
        }
        assertThat(hashes).hasSizeGreaterThan(89_000);
    }

    private static Map<String, Object> point(String first, Object a, String second, Object b) {
        Map<String, Object> components = new LinkedHashMap<>();
        components.put(first, a);
        components.put(second, b);
        return components;
    }
}

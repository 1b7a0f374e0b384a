package io.github.forkless.coordinator.machine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JvmEnvironmentTest {

    @ParameterizedTest
    @ValueSource(strings = {"JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS"})
    void aCollectorAndAnArchiveCanBeChosenByEachVariable(String variable) {
        assertThat(of(variable, "-Xmx1g  \t-XX:+UseG1GC").choosesCollector()).isTrue();
        assertThat(of(variable, "'-XX:+UseZGC'").choosesCollector()).isTrue();
        assertThat(of(variable, "-XX:+UseGCOverheadLimit -XX:-UseSerialGC").choosesCollector())
                .isFalse();
        assertThat(of(variable, "-Xshare:off").choosesArchive()).isTrue();
        assertThat(of(variable, "-XX:SharedArchiveFile=a.jsa").choosesArchive()).isTrue();
        assertThat(of(variable, "-Dx=-Xshare:off").choosesArchive()).isFalse();
    }

    @Test
    void onlyTheVariableThatIsReadLastImposesAHeap() {
        assertThat(of("_JAVA_OPTIONS", "-Dx=y -Xmx64m").imposedHeap()).hasValue("_JAVA_OPTIONS=-Xmx64m");
        assertThat(of("JAVA_TOOL_OPTIONS", "-Xmx64m").imposedHeap()).isEmpty();
    }

    @Test
    void whatAJvmSaysOfThemIsKnown() {
        assertThat(of("JAVA_TOOL_OPTIONS", "-Dx=y z").isAnnouncement("Picked up JAVA_TOOL_OPTIONS: -Dx=y z"))
                .isTrue();
        assertThat(of("JDK_JAVA_OPTIONS", "-Dx").isAnnouncement("NOTE: Picked up JDK_JAVA_OPTIONS: -Dx"))
                .isTrue();
        assertThat(of("JAVA_TOOL_OPTIONS", "-Dx").isAnnouncement("Picked up JAVA_TOOL_OPTIONS: -Dy"))
                .isFalse();
        assertThat(new JvmEnvironment(Map.of()).isAnnouncement("Picked up JAVA_TOOL_OPTIONS: "))
                .isFalse();
    }

    private static JvmEnvironment of(String variable, String value) {
        return new JvmEnvironment(Map.of(variable, value));
    }
}

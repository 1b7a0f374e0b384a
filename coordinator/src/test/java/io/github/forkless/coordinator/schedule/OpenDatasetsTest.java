package io.github.forkless.coordinator.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.forkless.common.dataset.DatasetFile;
import io.github.forkless.common.dataset.ElementType;
import io.github.forkless.common.dataset.FileIdentity;
import io.github.forkless.common.dataset.Layout;
import io.github.forkless.common.wire.Message;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class OpenDatasetsTest {
    private final OpenDatasets datasets = new OpenDatasets();

    private static DatasetFile file(String name, long inode) {
        var identity = new FileIdentity(1, inode, 400, 0, 0);
        return new DatasetFile(Path.of(name), Layout.of(ElementType.INT32, 0, 100), identity);
    }

    @Test
    void theSameDatasetOpenedTwiceHasOneNumberUntilBothHaveClosedIt() {
        int number = datasets.open(file("/a", 1), false);
        assertThat(datasets.open(file("/a", 1), false)).isEqualTo(number);
        assertThat(datasets.close(number)).isFalse();
        assertThat(datasets.get(number)).isEqualTo(file("/a", 1));
        assertThat(datasets.close(number)).isTrue();
        assertThat(datasets.retain(number)).isFalse();
    }

    @Test
    void aRunKeepsItsDatasetOpen() {
        int number = datasets.open(file("/a", 1), false);
        assertThat(datasets.retain(number)).isTrue();
        assertThat(datasets.close(number)).isFalse();
        assertThat(datasets.close(number)).isTrue();
    }

    @Test
    void aNumberIsNeverGivenAgain() {
        int first = datasets.open(file("/a", 1), false);
        datasets.close(first);
        assertThat(datasets.open(file("/a", 1), false)).isNotEqualTo(first);
    }

    @Test
    void aFileThatWasReplacedIsAnotherDataset() {
        int first = datasets.open(file("/a", 1), false);
        int second = datasets.open(file("/a", 2), false);
        assertThat(second).isNotEqualTo(first);
        assertThat(datasets.close(first)).isTrue();
        assertThat(datasets.get(second)).isEqualTo(file("/a", 2));
    }

    @Test
    void onlyWhatSomebodyWantsAheadIsOpenedAhead() {
        datasets.open(file("/a", 1), false);
        int ahead = datasets.open(file("/b", 2), true);
        datasets.open(file("/b", 2), false);
        assertThat(datasets.openedAhead()).containsExactly(ahead);
    }

    @Test
    void noDatasetIsAlwaysOpen() {
        assertThat(datasets.retain(Message.NO_DATASET)).isTrue();
        assertThat(datasets.close(Message.NO_DATASET)).isFalse();
    }
}

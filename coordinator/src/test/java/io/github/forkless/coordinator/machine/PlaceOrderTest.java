package io.github.forkless.coordinator.machine;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PlaceOrderTest {
    @TempDir
    private Path folder;

    private List<Place> places(String recorded, Pin pin, int workers) {
        PlaceOrder order = PlaceOrder.of(Machine.read(RecordedMachine.unpack(recorded, folder)), pin);
        return IntStream.range(0, workers).mapToObj(order::place).toList();
    }

    @Test
    void nodesTakeTurns() {
        assertThat(places("two-sockets-smt", Pin.NODE, 3))
                .containsExactly(new Place(0, "0-3,8-11"), new Place(1, "4-7,12-15"), new Place(0, "0-3,8-11"));
    }

    @Test
    void coresComeFirstFromNodeToNodeAndThenTheirSiblings() {
        assertThat(places("two-sockets-smt", Pin.CPU, 17))
                .extracting(Place::cpuList)
                .containsExactly(
                        "0", "4", "1", "5", "2", "6", "3", "7", "8", "12", "9", "13", "10", "14", "11", "15", "0");
    }

    @Test
    void aSiblingIsACoreWhereTheOtherThreadIsNotForUs() {
        assertThat(places("affinity-mask", Pin.CPU, 4))
                .extracting(Place::cpuList)
                .containsExactly("2", "6", "7", "12");
    }

    @Test
    void aNodeThatIsNotForUsIsNoPlace() {
        assertThat(places("cpuset-one-node", Pin.NODE, 2))
                .extracting(Place::node)
                .containsExactly(1, 1);
    }

    @Test
    void aNodeWithoutProcessorsIsNoPlace() {
        assertThat(places("node-without-memory", Pin.NODE, 3))
                .extracting(Place::node)
                .containsExactly(0, 1, 0);
    }
}

package io.github.forkless.common.shared;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.github.forkless.common.dataset.Block;
import io.github.forkless.common.dataset.DatasetFile;
import io.github.forkless.common.dataset.ElementType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A worker may send anything as a handle of shared data; it cannot make a program read what that has not shared. */
class HostileHandleTest {
    @TempDir
    Path folder;

    private static Shared.Handle forged(long number, Path file) {
        return new Shared.Handle(
                number, Elements.BYTES, file.toString(), ElementType.INT8, 0, 4, 4, 0, "", new long[5], true);
    }

    @Test
    void aHandleOfWhatTheProgramSharesIsItsOwnWhateverElseItSays() throws Exception {
        Path data = Files.write(folder.resolve("data.bin"), new byte[] {1, 2, 3, 4});
        Path secret = Files.write(folder.resolve("secret"), new byte[] {5, 6, 7, 8});
        DatasetFile dataset = DatasetFile.open(data, Optional.of(ElementType.INT32));
        long number = SharedMappings.addOwn(dataset);
        try (Shared<Block> shared = Shared.ofDataset(number, dataset, () -> SharedMappings.removeOwn(number))) {
            Object read = forged(number, secret).unpacked().get();

            assertThat(read).isInstanceOf(Block.class);
            assertThat(((Block) read).intAt(0)).isEqualTo(shared.get().intAt(0)).isEqualTo(0x04030201);
        }
    }

    @Test
    void aHandleOfAnythingElseIsNotMapped() throws Exception {
        Path secret = Files.write(folder.resolve("secret"), new byte[] {5, 6, 7, 8});

        assertThatIllegalStateException()
                .isThrownBy(forged(17, secret).unpacked()::get)
                .withMessageContaining("was closed, or its pool was");
    }
}

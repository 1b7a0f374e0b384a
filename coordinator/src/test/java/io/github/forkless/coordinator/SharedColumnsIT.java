package io.github.forkless.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.forkless.common.shared.Doubles;
import io.github.forkless.common.shared.Ints;
import io.github.forkless.common.shared.Matrix;
import io.github.forkless.common.shared.Shared;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Matrices, shared with the workers of a pool. */
@ParameterizedClass
@EnumSource
@Execution(ExecutionMode.SAME_THREAD)
class SharedColumnsIT {
    @TempDir
    static Path folder;

    private static Path shared;
    private static WorkerPool pool;

    @Parameter
    EngineKind engine;

    @BeforeParameterizedClassInvocation
    static void open(EngineKind engine) throws IOException {
        shared = Files.createDirectory(folder.resolve(engine.toString()));
        pool = WorkerPool.open(PoolOptions.defaults()
                .withEngine(engine)
                .withProcs(2)
                .withRunOptions(RunOptions.defaults().withRetries(0))
                .withSharedFolder(shared));
    }

    @AfterParameterizedClassInvocation
    static void closingThePoolRemovesWhatIsShared() {
        pool.share(new int[][] {{1}});
        pool.close();

        assertThat(shared).isEmptyDirectory();
        TestData.assertNoWorkerIsLeft();
    }

    record Row(Shared<Matrix<Doubles>> prices, int number) {}

    @Test
    void aMatrixIsReadByRows() {
        try (Shared<Matrix<Doubles>> prices = pool.share(new double[][] {{1, 2, 3}, {4, 5, 6}});
                Shared<Matrix<Ints>> made =
                        pool.share(Ints.matrix(1000, 1000, (row, column) -> (int) (row * column)))) {
            assertThat(pool.map(
                            List.of(new Row(prices, 0), new Row(prices, 1)),
                            row -> row.prices.get().row(row.number).at(2)))
                    .containsExactly(3.0, 6.0);
            assertThat(pool.map(
                            List.of(0, 999),
                            i -> List.of(
                                    made.get().rows(),
                                    made.get().row(i).at(999),
                                    made.get().values().at(999 * 1000 + i),
                                    made.get().part(i, i + 1).row(0).at(i))))
                    .containsExactly(List.of(1000L, 0, 0, 0), List.of(1000L, 998_001, 998_001, 998_001));
            List<Shared<Matrix<Doubles>>> back = pool.map(List.of(0), n -> prices);
            assertThat(back.getFirst().get().row(1).toArray()).containsExactly(4, 5, 6);
        }
    }
}

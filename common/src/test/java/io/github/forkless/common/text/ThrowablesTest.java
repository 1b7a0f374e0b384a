package io.github.forkless.common.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ThrowablesTest {

    /** Its causes are itself, its parts throw, are null, or have no end. */
    private static class Odd extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Odd() {
            super("odd");
        }
    }

    static List<Throwable> oddOnes() {
        Throwable first = new Exception("first");
        Throwable second = new Exception("second", first);
        first.initCause(second);
        Throwable suppressor = new Exception("suppressor");
        Throwable suppressed = new Exception("suppressed", suppressor);
        suppressor.addSuppressed(suppressed);
        Throwable much = new Exception("much");
        for (int i = 0; i < 100_000; i++) {
            much.addSuppressed(i % 2 == 0 ? first : new Exception("suppressed " + i));
        }
        return List.of(
                first,
                suppressor,
                much,
                new Odd() {
                    @Override
                    public synchronized Throwable getCause() {
                        return this;
                    }
                },
                new Odd() {
                    @Override
                    public synchronized Throwable getCause() {
                        return new Exception("another one", new Odd());
                    }
                },
                new Odd() {
                    @Override
                    public synchronized Throwable getCause() {
                        return endless(0);
                    }

                    private static Throwable endless(int depth) {
                        return new Exception("depth " + depth) {
                            @Override
                            public synchronized Throwable getCause() {
                                return endless(depth + 1);
                            }
                        };
                    }
                },
                new Odd() {
                    @Override
                    public synchronized Throwable getCause() {
                        throw new StackOverflowError();
                    }
                },
                new Odd() {
                    @Override
                    public String getMessage() {
                        throw new Odd();
                    }
                },
                new Odd() {
                    @Override
                    public String getMessage() {
                        return getMessage() + getMessage();
                    }
                },
                new Odd() {
                    @Override
                    public String getMessage() {
                        return null;
                    }
                },
                new Odd() {
                    @Override
                    public String getMessage() {
                        return "x".repeat(100_000_000);
                    }
                },
                new Odd() {
                    @Override
                    public String toString() {
                        throw new AssertionError(this);
                    }
                },
                new Odd() {
                    @Override
                    public String toString() {
                        return null;
                    }
                },
                new Odd() {
                    @Override
                    public StackTraceElement[] getStackTrace() {
                        return null;
                    }
                },
                new Odd() {
                    @Override
                    public StackTraceElement[] getStackTrace() {
                        return new StackTraceElement[10_000_000];
                    }
                },
                new Odd() {
                    @Override
                    public StackTraceElement[] getStackTrace() {
                        return new StackTraceElement[] {
                            new StackTraceElement("C".repeat(50_000_000), "m", "f", 1), null, null
                        };
                    }
                },
                new Odd() {
                    @Override
                    public void printStackTrace(PrintWriter out) {
                        throw new Odd();
                    }
                });
    }

    @ParameterizedTest
    @MethodSource("oddOnes")
    void anyExceptionIsDescribedWithinBounds(Throwable odd) {
        assertThat(Throwables.line(odd))
                .containsAnyOf(odd.getClass().getName(), "odd")
                .hasSizeLessThan(20_000);
        assertThat(Throwables.trace(odd)).startsWith(Described.of(odd, 4_000)).hasSizeLessThan(100_000);
        assertThat(Throwables.causes(odd)).hasSizeBetween(1, 100).startsWith(odd);
        Throwables.message(odd);
    }

    @Test
    void whatIsInACircleIsShownOnce() {
        Throwable first = new Exception("first");
        first.initCause(new Exception("second", first));

        assertThat(Throwables.trace(first))
                .containsSubsequence(
                        "java.lang.Exception: first\n", "Caused by: java.lang.Exception: second\n", "Caused by: ")
                .endsWith("Caused by: [CIRCULAR REFERENCE: java.lang.Exception: first]\n");
    }

    @Test
    void anOrdinaryTraceIsWhatJavaPrints() {
        var failure = new IllegalStateException("outer", new IllegalArgumentException("inner", new Exception()));
        failure.addSuppressed(new Exception("beside", new Exception("its cause")));
        failure.getCause().addSuppressed(new Error("within"));
        var printed = new StringWriter();
        failure.printStackTrace(new PrintWriter(printed));

        assertThat(Throwables.trace(failure)).isEqualTo(printed.toString());
    }

    @Test
    void aLineNamesTheCauseThatAnExceptionHasNoWordsFor() {
        var arithmetic = new ArithmeticException("/ by zero");

        assertThat(Throwables.line(new ExceptionInInitializerError(arithmetic)))
                .isEqualTo("java.lang.ExceptionInInitializerError, caused by java.lang.ArithmeticException: / by zero");
        assertThat(Throwables.line(new IllegalStateException("wrong", arithmetic)))
                .isEqualTo("java.lang.IllegalStateException: wrong");
    }
}

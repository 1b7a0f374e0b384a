import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * Text to measure with; the same arguments give the same bytes.
 *
 * <pre>
 * java Texts rows COUNT NAMES SEED FILE   COUNT lines of the One Billion Row Challenge, "name;-12.3"
 * java Texts prose BYTES SEED FILE        lines of words, about BYTES in all; one line in a hundred has "needle"
 * </pre>
 */
final class Texts {
    private static final long ROWS_AT_ONCE = 1 << 19;
    private static final int BYTES_AT_ONCE = 8 << 20;

    private static final String VOWELS = "aeiou";
    private static final String CONSONANTS = "bcdfghjklmnpqrstvwxyz";
    private static final List<String> BEYOND_ASCII = List.of("á", "é", "ö", "ñ", "ş", "ł", "я", "東", "𝔸");

    /** A part of the file, made from its number alone, so that threads can make several at once. */
    interface Parts {
        byte[] part(long number);
    }

    public static void main(String[] args) throws IOException {
        switch (args[0]) {
            case "rows" -> {
                long count = Long.parseLong(args[1]);
                int names = Integer.parseInt(args[2]);
                long seed = Long.parseLong(args[3]);
                var stations = new Stations(names, new SplittableRandom(seed));
                write(
                        Path.of(args[4]),
                        Math.ceilDiv(count, ROWS_AT_ONCE),
                        number -> stations.rows(
                                Math.min(ROWS_AT_ONCE, count - number * ROWS_AT_ONCE), random(seed, number)));
            }
            case "prose" -> {
                long bytes = Long.parseLong(args[1]);
                long seed = Long.parseLong(args[2]);
                var prose = new Prose(new SplittableRandom(seed));
                write(
                        Path.of(args[3]),
                        Math.ceilDiv(bytes, BYTES_AT_ONCE),
                        number -> prose.lines(
                                (int) Math.min(BYTES_AT_ONCE, bytes - number * BYTES_AT_ONCE), random(seed, number)));
            }
            default -> throw new IllegalArgumentException("rows or prose, not " + args[0]);
        }
    }

    private static SplittableRandom random(long seed, long number) {
        return new SplittableRandom(seed * 1_000_003 + number + 1);
    }

    private static void write(Path file, long parts, Parts maker) throws IOException {
        int atOnce = Runtime.getRuntime().availableProcessors();
        try (OutputStream out = Files.newOutputStream(file)) {
            for (long first = 0; first < parts; first += atOnce) {
                List<byte[]> made = LongStream.range(first, Math.min(parts, first + atOnce))
                        .parallel()
                        .mapToObj(maker::part)
                        .toList();
                for (byte[] part : made) {
                    out.write(part);
                }
            }
        }
    }

    /** Syllables, now and then a letter beyond ASCII. */
    private static String word(int length, SplittableRandom random) {
        var word = new StringBuilder();
        while (word.length() < length) {
            if (random.nextInt(50) == 0) {
                word.append(BEYOND_ASCII.get(random.nextInt(BEYOND_ASCII.size())));
            } else {
                String letters = word.length() % 2 == 0 ? CONSONANTS : VOWELS;
                word.append(letters.charAt(random.nextInt(letters.length())));
            }
        }
        return word.toString();
    }

    /**
     * Names and the means of their values. A few hundred names are like cities', of 3 to 26 letters. Thousands are mostly
     * short too, but some reach the challenge's limit of 100 bytes.
     */
    private static final class Stations {
        private final byte[][] names;
        private final double[] means;

        Stations(int count, SplittableRandom random) {
            Set<String> distinct = new LinkedHashSet<>();
            while (distinct.size() < count) {
                int length = count > 1000
                        ? 4 + (int) (97 * Math.pow(random.nextDouble(), 11))
                        : 3 + (int) (23 * Math.pow(random.nextDouble(), 3));
                String name = word(length, random);
                if (name.getBytes(StandardCharsets.UTF_8).length <= 100) {
                    distinct.add(name);
                }
            }
            names = distinct.stream()
                    .map(name -> (name + ";").getBytes(StandardCharsets.UTF_8))
                    .toArray(byte[][]::new);
            means = random.doubles(count, -20, 35).toArray();
        }

        byte[] rows(long count, SplittableRandom random) {
            var out = new Bytes();
            for (long i = 0; i < count; i++) {
                int station = random.nextInt(names.length);
                out.add(names[station]);
                out.addTenths(Math.clamp(Math.round((means[station] + 10 * random.nextGaussian()) * 10), -999, 999));
                out.add('\n');
            }
            return out.toArray();
        }
    }

    /** Lines of 40 to 120 bytes of words as frequent as words are: the n-th in 1/n of all places. */
    private static final class Prose {
        private static final int WORDS = 20_000;
        private final byte[][] words;
        private final double logWords = Math.log(WORDS);

        Prose(SplittableRandom random) {
            List<String> made = new ArrayList<>(IntStream.range(0, WORDS)
                    .mapToObj(_ -> word(2 + random.nextInt(9), random))
                    .toList());
            made.sort(Comparator.comparingInt(String::length)); // frequent words are short
            words = made.stream()
                    .map(word -> word.getBytes(StandardCharsets.UTF_8))
                    .toArray(byte[][]::new);
        }

        byte[] lines(int bytes, SplittableRandom random) {
            byte[] needle = "needle".getBytes(StandardCharsets.UTF_8);
            var out = new Bytes();
            while (out.size < bytes) {
                int end = out.size + random.nextInt(40, 121);
                boolean hasNeedle = random.nextInt(100) == 0;
                while (out.size < end) {
                    out.add(words[(int) Math.exp(random.nextDouble() * logWords) % WORDS]);
                    out.add(' ');
                }
                out.add(hasNeedle ? needle : words[random.nextInt(WORDS)]);
                out.add('\n');
            }
            return out.toArray();
        }
    }

    private static final class Bytes {
        private byte[] array = new byte[BYTES_AT_ONCE];
        private int size;

        void add(int b) {
            if (size == array.length) {
                array = Arrays.copyOf(array, 2 * size);
            }
            array[size++] = (byte) b;
        }

        void add(byte[] bytes) {
            for (byte b : bytes) {
                add(b);
            }
        }

        void addTenths(int tenths) {
            if (tenths < 0) {
                add('-');
            }
            int positive = Math.abs(tenths);
            if (positive >= 100) {
                add('0' + positive / 100);
            }
            add('0' + positive / 10 % 10);
            add('.');
            add('0' + positive % 10);
        }

        byte[] toArray() {
            return Arrays.copyOf(array, size);
        }
    }
}

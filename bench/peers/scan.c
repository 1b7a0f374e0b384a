/*
 * What a C programmer would write: fork, one mapping that all share, plain loops that gcc -O3 vectorizes.
 *
 *   scan sum|stats PROCS FILE       each process has an equal part of the int32 elements of FILE
 *   scan passes PROCS FILE          how many elements are above k, for 100 k from 2000000001 on: each k is a pass over
 *                                   the whole file, and the processes take the next k when they are done with one
 *   scan shared PROCS FILE          the same, but each process has a part of the elements, and all k look at a block
 *                                   while it is in the core's cache
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <inttypes.h>
#include <math.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { MAX_PROCS = 1024, JOBS = 100, FIRST_LIMIT = 2000000001, BLOCK = 32 << 10, RUN = 2 << 10 };

/* Exact for 2^32 elements: squares are added up in two halves. */
struct stats {
    int64_t count, sum;
    int32_t min, max;
    uint64_t squares_low, squares_high;
};

/* What the processes share beside the data. */
struct board {
    atomic_int next;
    int64_t sum[MAX_PROCS];
    struct stats stats[MAX_PROCS];
    int64_t above[MAX_PROCS][JOBS];
};

static int64_t sum(const int32_t *a, size_t n) {
    int64_t total = 0;
    for (size_t i = 0; i < n; i++) {
        total += a[i];
    }
    return total;
}

/* A loop for each figure over what is in the first-level cache: all in one, gcc makes much slower code. */
static struct stats stats(const int32_t *a, size_t n) {
    struct stats s = {.count = (int64_t)n, .min = INT32_MAX, .max = INT32_MIN};
    for (size_t at = 0; at < n; at += RUN) {
        const int32_t *run = a + at;
        size_t length = n - at < RUN ? n - at : RUN;
        int32_t min = s.min, max = s.max;
        for (size_t i = 0; i < length; i++) {
            min = run[i] < min ? run[i] : min;
            max = run[i] > max ? run[i] : max;
        }
        uint64_t low = 0, high = 0;
        for (size_t i = 0; i < length; i++) {
            int64_t x = run[i];
            uint64_t square = (uint64_t)(x * x);
            low += (uint32_t)square;
            high += square >> 32;
        }
        s.sum += sum(run, length);
        s.min = min;
        s.max = max;
        s.squares_low += low;
        s.squares_high += high;
    }
    return s;
}

static int64_t above(const int32_t *a, size_t n, int32_t k) {
    int64_t count = 0;
    for (size_t i = 0; i < n; i++) {
        count += a[i] > k;
    }
    return count;
}

static void print_stats(const struct stats *parts, int procs) {
    struct stats all = {.min = INT32_MAX, .max = INT32_MIN};
    unsigned __int128 squares = 0;
    for (int p = 0; p < procs; p++) {
        all.count += parts[p].count;
        all.sum += parts[p].sum;
        all.min = parts[p].min < all.min ? parts[p].min : all.min;
        all.max = parts[p].max > all.max ? parts[p].max : all.max;
        squares += ((unsigned __int128)parts[p].squares_high << 32) + parts[p].squares_low;
    }
    long double mean = (long double)all.sum / all.count;
    long double variance = (long double)squares / all.count - mean * mean;
    printf("count %" PRId64 "\nsum %" PRId64 "\nmin %" PRId32 "\nmax %" PRId32 "\nmean %.17Lg\nstddev %.17Lg\n",
            all.count, all.sum, all.min, all.max, mean, sqrtl(variance));
}

static void *or_die(void *mapping, const char *what) {
    if (mapping == MAP_FAILED) {
        perror(what);
        exit(1);
    }
    return mapping;
}

int main(int argc, char **argv) {
    if (argc != 4 || atoi(argv[2]) < 1 || atoi(argv[2]) > MAX_PROCS) {
        fprintf(stderr, "usage: scan sum|stats|passes|shared PROCS FILE\n");
        return 2;
    }
    const char *job = argv[1];
    int procs = atoi(argv[2]);
    int fd = open(argv[3], O_RDONLY);
    struct stat file;
    if (fd < 0 || fstat(fd, &file) != 0) {
        perror(argv[3]);
        return 1;
    }
    size_t n = (size_t)file.st_size / sizeof(int32_t);
    const int32_t *data = or_die(mmap(NULL, (size_t)file.st_size, PROT_READ, MAP_SHARED, fd, 0), argv[3]);
    struct board *board =
            or_die(mmap(NULL, sizeof *board, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0), "board");

    for (int p = 0; p < procs; p++) {
        pid_t child = fork();
        if (child < 0) {
            perror("fork");
            return 1;
        }
        if (child > 0) {
            continue;
        }
        size_t from = n / procs * p;
        size_t to = p == procs - 1 ? n : from + n / procs;
        if (strcmp(job, "sum") == 0) {
            board->sum[p] = sum(data + from, to - from);
        } else if (strcmp(job, "stats") == 0) {
            board->stats[p] = stats(data + from, to - from);
        } else if (strcmp(job, "passes") == 0) {
            for (int k = atomic_fetch_add(&board->next, 1); k < JOBS; k = atomic_fetch_add(&board->next, 1)) {
                board->above[p][k] = above(data, n, FIRST_LIMIT + k);
            }
        } else if (strcmp(job, "shared") == 0) {
            for (size_t at = from; at < to; at += BLOCK) {
                size_t length = to - at < BLOCK ? to - at : BLOCK;
                for (int k = 0; k < JOBS; k++) {
                    board->above[p][k] += above(data + at, length, FIRST_LIMIT + k);
                }
            }
        } else {
            fprintf(stderr, "no such job: %s\n", job);
            _exit(2);
        }
        _exit(0);
    }
    for (int p = 0, status; p < procs; p++) {
        if (wait(&status) < 0 || status != 0) {
            fprintf(stderr, "a child failed\n");
            return 1;
        }
    }

    if (strcmp(job, "sum") == 0) {
        int64_t total = 0;
        for (int p = 0; p < procs; p++) {
            total += board->sum[p];
        }
        printf("%" PRId64 "\n", total);
    } else if (strcmp(job, "stats") == 0) {
        print_stats(board->stats, procs);
    } else {
        for (int k = 0; k < JOBS; k++) {
            int64_t count = 0;
            for (int p = 0; p < procs; p++) {
                count += board->above[p][k];
            }
            printf("above=%d %" PRId64 "\n", FIRST_LIMIT + k, count);
        }
    }
    return 0;
}

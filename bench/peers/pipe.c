/*
 * What a pipe itself takes and moves between two processes.
 *
 *   pipe round-trip COUNT          a byte there, a byte back, COUNT times; prints microseconds for one. The two
 *                                  processes run where the kernel puts them, which may be one and the same core
 *   pipe round-trip-apart COUNT    the same, each on a core of its own
 *   pipe bulk PROCS COUNT          PROCS children send COUNT messages of 4 MiB in all, each through a pipe of its own;
 *                                  prints GB/s
 *
 * Each prints the median of several goes.
 */
#define _GNU_SOURCE
#include <poll.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { GOES = 5, MAX_PROCS = 64, MESSAGE = 4 << 20 };

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec + t.tv_nsec / 1e9;
}

static void die(const char *what) {
    perror(what);
    _exit(1);
}

static int by_value(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static void write_all(int fd, const char *bytes, size_t length) {
    while (length > 0) {
        ssize_t written = write(fd, bytes, length);
        if (written <= 0) {
            die("write");
        }
        bytes += written;
        length -= (size_t)written;
    }
}

/* Keeps this process to one of the processors that it may use; all is what they are. */
static void pin(const cpu_set_t *all, int wanted) {
    cpu_set_t one;
    CPU_ZERO(&one);
    for (int cpu = 0; cpu < CPU_SETSIZE; cpu++) {
        if (CPU_ISSET(cpu, all) && wanted-- == 0) {
            CPU_SET(cpu, &one);
        }
    }
    if (sched_setaffinity(0, sizeof one, &one)) {
        die("this needs two processors: sched_setaffinity");
    }
}

static double round_trip(int count, int apart) {
    int there[2], back[2];
    cpu_set_t all;
    sched_getaffinity(0, sizeof all, &all);
    char byte = 1;
    if (pipe(there) || pipe(back)) {
        die("pipe");
    }
    if (apart) {
        pin(&all, 0);
    }
    if (fork() == 0) {
        if (apart) {
            pin(&all, 1);
        }
        close(there[1]);
        while (read(there[0], &byte, 1) == 1) {
            write_all(back[1], &byte, 1);
        }
        _exit(0);
    }
    double start = now();
    for (int i = 0; i < count; i++) {
        write_all(there[1], &byte, 1);
        if (read(back[0], &byte, 1) != 1) {
            die("read");
        }
    }
    double took = now() - start;
    close(there[0]), close(there[1]), close(back[0]), close(back[1]);
    wait(NULL);
    sched_setaffinity(0, sizeof all, &all);
    return took / count * 1e6;
}

static double bulk(int procs, int count) {
    struct pollfd pipes[MAX_PROCS];
    char *buffer = malloc(MESSAGE);
    memset(buffer, 1, MESSAGE);
    double start = now();
    for (int p = 0; p < procs; p++) {
        int ends[2];
        if (pipe(ends)) {
            die("pipe");
        }
        if (fork() == 0) {
            for (int i = p; i < count; i += procs) {
                write_all(ends[1], buffer, MESSAGE);
            }
            _exit(0);
        }
        close(ends[1]);
        pipes[p] = (struct pollfd){.fd = ends[0], .events = POLLIN};
    }
    long long received = 0;
    for (int open = procs; open > 0;) {
        poll(pipes, (nfds_t)procs, -1);
        for (int p = 0; p < procs; p++) {
            if (!pipes[p].revents) {
                continue;
            }
            ssize_t got = read(pipes[p].fd, buffer, MESSAGE);
            received += got;
            if (got <= 0) {
                close(pipes[p].fd);
                pipes[p].fd = -1;
                open--;
            }
        }
    }
    double took = now() - start;
    while (wait(NULL) > 0) {
    }
    free(buffer);
    if (received != (long long)count * MESSAGE) {
        fprintf(stderr, "received %lld bytes\n", received);
        exit(1);
    }
    return received / took / 1e9;
}

int main(int argc, char **argv) {
    double goes[GOES];
    int is_bulk = argc == 4 && strcmp(argv[1], "bulk") == 0 && atoi(argv[2]) <= MAX_PROCS;
    int apart = argc == 3 && strcmp(argv[1], "round-trip-apart") == 0;
    if (!is_bulk && !apart && !(argc == 3 && strcmp(argv[1], "round-trip") == 0)) {
        fprintf(stderr, "usage: pipe round-trip|round-trip-apart COUNT | pipe bulk PROCS COUNT\n");
        return 2;
    }
    for (int i = 0; i < GOES; i++) {
        goes[i] = is_bulk ? bulk(atoi(argv[2]), atoi(argv[3])) : round_trip(atoi(argv[2]), apart);
    }
    qsort(goes, GOES, sizeof *goes, by_value);
    printf("%s\t%.4f\n", is_bulk ? "GB/s" : "microseconds", goes[GOES / 2]);
    return 0;
}

/* Reading the arguments of a command. Every rank sees the same ones and so comes to the same verdict
 * without asking the others. */
#ifndef ARGUMENTS_H
#define ARGUMENTS_H

#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { OK = 0, FAILED = 1, BAD_INPUT = 2 };

/* Reads a whole number from least to most; if the text is none, rank 0 says so and false comes back. */
static inline bool read_count(int rank, const char *name, const char *text, uint64_t least, uint64_t most,
                              uint64_t *value)
{
    char *end = NULL;
    errno = 0;
    unsigned long long number = strtoull(text, &end, 10);
    /* strtoull takes "-1" and " 1", too */
    if (errno == 0 && strspn(text, "0123456789") == strlen(text) && end != text && number >= least && number <= most) {
        *value = number;
        return true;
    }
    if (rank == 0)
        fprintf(stderr, "%s is '%s'; it must be a whole number from %llu to %llu\n", name, text,
                (unsigned long long)least, (unsigned long long)most);
    return false;
}

#endif

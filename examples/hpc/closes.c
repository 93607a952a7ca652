#define _POSIX_C_SOURCE 200809L /* getline */

#include "closes.h"

#include <errno.h>
#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>

struct position {
    const char *file;
    long line;
};

/* Where the two columns that count stand in a line, from 0. */
struct columns {
    int date;
    int close;
};

struct close {
    long day; /* yyyymmdd, so that days compare as numbers do */
    double level;
};

static bool refuse(struct position at, const char *column, const char *value, const char *wanted)
{
    fprintf(stderr, "%s line %ld: %s is '%s'; it must be %s\n", at.file, at.line, column, value, wanted);
    return false;
}

/* Cuts the next value off the rest of a line; NULL after the last. strtok would leave out empty values. */
static char *next_value(char **rest)
{
    char *value = *rest;
    if (value == NULL)
        return NULL;
    char *comma = strchr(value, ',');
    *rest = comma == NULL ? NULL : comma + 1;
    if (comma != NULL)
        *comma = '\0';
    return value;
}

static bool read_header(struct position at, char *line, struct columns *columns)
{
    *columns = (struct columns){.date = -1, .close = -1};
    char *rest = line, *name;
    for (int column = 0; (name = next_value(&rest)) != NULL; column++) {
        if (strcmp(name, "Date") == 0)
            columns->date = column;
        if (strcmp(name, "Close") == 0)
            columns->close = column;
    }
    if (columns->date >= 0 && columns->close >= 0)
        return true;
    fprintf(stderr, "%s line %ld: no column %s; Date and Close are needed\n", at.file, at.line,
            columns->date < 0 ? "Date" : "Close");
    return false;
}

static bool read_day(struct position at, const char *text, long *day)
{
    static const int lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    int month, date, year, read = -1;
    if (sscanf(text, "%2d/%2d/%4d%n", &month, &date, &year, &read) == 3 && text[read] == '\0' && month >= 1 &&
        month <= 12 && year >= 1000) {
        bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
        if (date >= 1 && date <= lengths[month - 1] + (month == 2 && leap)) {
            *day = year * 10000L + month * 100 + date;
            return true;
        }
    }
    return refuse(at, "Date", text, "a day as month/day/year");
}

static bool read_level(struct position at, const char *text, double *level)
{
    char *end;
    *level = strtod(text, &end);
    /* strtod takes "nan", "inf" and hexadecimal digits, too */
    if (end != text && strspn(text, "0123456789.eE+-") == strlen(text) && *end == '\0' && isfinite(*level) && *level > 0)
        return true;
    return refuse(at, "Close", text, "a positive number");
}

static bool read_close(struct position at, char *line, struct columns columns, struct close *close)
{
    char *rest = line, *value, *day = NULL, *level = NULL;
    for (int column = 0; (value = next_value(&rest)) != NULL; column++) {
        if (column == columns.date)
            day = value;
        if (column == columns.close)
            level = value;
    }
    return read_day(at, day == NULL ? "" : day, &close->day) && read_level(at, level == NULL ? "" : level, &close->level);
}

static bool append(struct returns *returns, double value)
{
    if ((returns->count & (returns->count + 1)) == 0) { /* full at 0, 1, 3, 7, ...: twice the room */
        double *larger = realloc(returns->daily, (2 * (size_t)returns->count + 1) * sizeof *larger);
        if (larger == NULL)
            return false;
        returns->daily = larger;
    }
    returns->daily[returns->count++] = value;
    return true;
}

static bool read_lines(FILE *input, const char *file, struct returns *returns)
{
    struct position at = {file, 0};
    struct columns columns;
    struct close close, previous = {0, 0};
    char *line = NULL;
    size_t room = 0;
    ssize_t length;
    bool good = true;
    while (good && (length = getline(&line, &room, input)) >= 0) {
        at.line++;
        if (strlen(line) != (size_t)length) {
            fprintf(stderr, "%s line %ld: a zero byte after '%s'; it must be text\n", file, at.line, line);
            good = false;
            break;
        }
        line[strcspn(line, "\r\n")] = '\0';
        if (at.line == 1) {
            good = read_header(at, line, &columns);
        } else if (*line != '\0') {
            good = read_close(at, line, columns, &close);
            if (good && close.day <= previous.day) {
                fprintf(stderr, "%s line %ld: %ld follows %ld; days must ascend, each once\n", file, at.line, close.day,
                        previous.day);
                good = false;
            }
            if (good && previous.day != 0 &&
                (returns->count == INT_MAX / 4 || !append(returns, log(close.level / previous.level)))) {
                fprintf(stderr, "%s line %ld: no memory for more than %d closes\n", file, at.line, returns->count);
                good = false;
            }
            previous = close;
        }
    }
    free(line);
    if (good && ferror(input)) {
        fprintf(stderr, "%s line %ld: cannot be read: %s\n", file, at.line + 1, strerror(errno));
        return false;
    }
    if (good && at.line == 0)
        return read_header((struct position){file, 1}, (char[]){""}, &columns);
    return good;
}

bool read_returns(const char *file, struct returns *returns)
{
    *returns = (struct returns){NULL, 0};
    FILE *input = fopen(file, "r");
    if (input == NULL) {
        fprintf(stderr, "%s: cannot be opened: %s\n", file, strerror(errno));
        return false;
    }
    bool good = read_lines(input, file, returns);
    fclose(input);
    if (!good) {
        free(returns->daily);
        *returns = (struct returns){NULL, 0};
    }
    return good;
}

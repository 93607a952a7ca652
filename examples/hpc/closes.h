/* The daily closes of an index, from a CSV file. */
#ifndef CLOSES_H
#define CLOSES_H

#include <stdbool.h>

/* Logarithmic returns, oldest first; the caller frees daily. */
struct returns {
    double *daily;
    int count;
};

/* Reads a file with the columns Date (month/day/year, ascending) and Close (positive) among others, as
 * examples/airflow/fetch_market_data.py writes it: a header line, commas, no quotes. What cannot be used
 * is said on standard error, with the file, the line and the value; then false comes back and returns
 * stays empty. */
bool read_returns(const char *file, struct returns *returns);

#endif

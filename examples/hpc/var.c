/* Value at risk and expected shortfall of a position in one index, by bootstrap over all ranks.
 *
 * A path is a horizon's days, drawn at random from the days of the past. Drawn days keep the fat tails
 * of real markets, which decide a value at risk; a normal distribution fitted to them would not.
 * The number of a path decides which random numbers are its own, so the result is the same, to the last
 * bit, for any number of ranks.
 *
 * Prints one JSON object. Exit statuses: 0 computed, 1 no memory, 2 bad input. */
#include "arguments.h"
#include "closes.h"
#include "splitmix64.h"

#include <getopt.h>
#include <math.h>
#include <mpi.h>

struct options {
    const char *prices;
    uint64_t horizon; /* trading days */
    uint64_t paths;
    uint64_t seed;
    double confidence;
    double notional; /* the size of the position, in any currency */
};

/* What a position can lose, as a share of it; gains are negative. */
struct risk {
    double value_at_risk;
    double expected_shortfall;
};

static bool read_number(int rank, const char *name, const char *text, double least, double most, double *value)
{
    char *end;
    *value = strtod(text, &end);
    if (end != text && *end == '\0' && *value >= least && *value <= most)
        return true;
    if (rank == 0)
        fprintf(stderr, "%s is '%s'; it must be a number from %g to %g\n", name, text, least, most);
    return false;
}

static bool read_options(int rank, int argc, char **argv, struct options *options)
{
    static const struct option known[] = {
        {"prices", required_argument, NULL, 'p'},     {"horizon", required_argument, NULL, 'h'},
        {"paths", required_argument, NULL, 'n'},      {"seed", required_argument, NULL, 's'},
        {"confidence", required_argument, NULL, 'c'}, {"notional", required_argument, NULL, 'a'},
        {NULL, 0, NULL, 0},
    };
    *options = (struct options){NULL, .horizon = 10, .paths = 1000000, .seed = 2022, .confidence = 0.99, .notional = 1e7};
    opterr = rank == 0; /* one complaint is enough */
    bool good = true;
    int option;
    while (good && (option = getopt_long(argc, argv, "", known, NULL)) != -1) {
        switch (option) {
        case 'p': options->prices = optarg; break;
        case 'h': good = read_count(rank, "--horizon", optarg, 1, 1000, &options->horizon); break;
        case 'n': good = read_count(rank, "--paths", optarg, 1000, 100000000, &options->paths); break;
        case 's': good = read_count(rank, "--seed", optarg, 0, UINT64_MAX, &options->seed); break;
        case 'c': good = read_number(rank, "--confidence", optarg, 0.5, 0.999, &options->confidence); break;
        case 'a': good = read_number(rank, "--notional", optarg, 0.01, 1e15, &options->notional); break;
        default: good = false;
        }
    }
    if (good && optind == argc && options->prices != NULL)
        return true;
    if (rank == 0)
        fprintf(stderr, "usage: var --prices FILE [--horizon DAYS] [--paths N] [--confidence 0.99] [--seed N] "
                        "[--notional AMOUNT]\n");
    return false;
}

/* A whole number that binary fractions have missed: 1000 * (1 - 0.9) is a little less than 100. */
static double repaired(double value)
{
    return fabs(value - round(value)) < 1e-6 ? round(value) : value;
}

/* How many of so many equally likely outcomes are the worst 1 - confidence; need not be whole. */
static double tail(double outcomes, double confidence)
{
    return repaired(outcomes * (1 - confidence));
}

/* Rank 0 reads the file and all get the returns; all get false if it cannot be used. */
static bool share_returns(int rank, const struct options *options, struct returns *returns)
{
    *returns = (struct returns){NULL, 0};
    if (rank == 0 && read_returns(options->prices, returns) && tail(returns->count, options->confidence) < 1) {
        fprintf(stderr, "%s: %d returns; a confidence of %g needs %.0f\n", options->prices, returns->count,
                options->confidence, ceil(repaired(1 / (1 - options->confidence))));
        returns->count = 0;
    }
    MPI_Bcast(&returns->count, 1, MPI_INT, 0, MPI_COMM_WORLD);
    if (returns->count == 0)
        return false;
    if (rank != 0)
        returns->daily = calloc((size_t)returns->count, sizeof *returns->daily);
    if (returns->daily == NULL) {
        fprintf(stderr, "rank %d has no memory for %d returns\n", rank, returns->count);
        MPI_Abort(MPI_COMM_WORLD, FAILED);
        return false;
    }
    MPI_Bcast(returns->daily, returns->count, MPI_DOUBLE, 0, MPI_COMM_WORLD);
    return true;
}

/* The relative loss of one path. */
static double loss(const struct returns *returns, const struct options *options, uint64_t path)
{
    double change = 0;
    for (uint64_t day = 0; day < options->horizon; day++) {
        uint64_t random = splitmix64(options->seed, path * options->horizon + day) >> 32;
        change += returns->daily[random * (uint64_t)returns->count >> 32];
    }
    return -expm1(change);
}

/* The first path of a rank; the first one of rank `size` is the number of paths. */
static int first_path(int rank, int size, uint64_t paths)
{
    return (int)(paths * (uint64_t)rank / (uint64_t)size);
}

/* Simulates this rank's paths; rank 0 gets the losses of all, in the order of the paths, others NULL. */
static double *simulate(int rank, int size, const struct options *options, const struct returns *returns)
{
    int first = first_path(rank, size, options->paths);
    int count = first_path(rank + 1, size, options->paths) - first;
    double *own = calloc((size_t)count + 1, sizeof *own); /* a rank may have no path, and calloc(0) may give NULL */
    double *all = rank == 0 ? calloc(options->paths, sizeof *all) : NULL;
    int *counts = calloc((size_t)size, sizeof *counts), *firsts = calloc((size_t)size, sizeof *firsts);
    if (own == NULL || counts == NULL || firsts == NULL || (rank == 0 && all == NULL)) {
        fprintf(stderr, "rank %d has no memory for its paths\n", rank);
        MPI_Abort(MPI_COMM_WORLD, FAILED);
        exit(FAILED);
    }
    for (int path = 0; path < count; path++)
        own[path] = loss(returns, options, (uint64_t)(first + path));
    for (int other = 0; other < size; other++) {
        firsts[other] = first_path(other, size, options->paths);
        counts[other] = first_path(other + 1, size, options->paths) - firsts[other];
    }
    MPI_Gatherv(own, count, MPI_DOUBLE, all, counts, firsts, MPI_DOUBLE, 0, MPI_COMM_WORLD);
    free(own);
    free(counts);
    free(firsts);
    return all;
}

static int descending(const void *left, const void *right)
{
    double a = *(const double *)left, b = *(const double *)right;
    return (a < b) - (a > b);
}

/* The value at risk is the smallest loss that is exceeded with a probability of at most 1 - confidence;
 * the expected shortfall is the mean of the worst 1 - confidence of the losses, the one on the edge
 * counted by the part that lies inside. Sorts the losses. */
static struct risk tail_risk(double *losses, uint64_t count, double confidence)
{
    qsort(losses, count, sizeof *losses, descending);
    double size = tail((double)count, confidence);
    uint64_t whole = (uint64_t)size;
    double inside = (size - (double)whole) * losses[whole];
    for (uint64_t path = 0; path < whole; path++)
        inside += losses[path];
    return (struct risk){losses[whole], inside / size};
}

static int run(int rank, int size, const struct options *options)
{
    struct returns returns;
    double start = MPI_Wtime();
    int status = BAD_INPUT;
    if (share_returns(rank, options, &returns)) {
        double *losses = simulate(rank, size, options, &returns);
        if (rank == 0) {
            struct risk risk = tail_risk(losses, options->paths, options->confidence);
            printf("{\"var\": %.2f, \"expected_shortfall\": %.2f, \"notional\": %.2f, \"confidence\": %g, "
                   "\"horizon_days\": %llu, \"observations\": %d, \"paths\": %llu, \"seed\": %llu, \"ranks\": %d, "
                   "\"seconds\": %.3f}\n",
                   risk.value_at_risk * options->notional, risk.expected_shortfall * options->notional,
                   options->notional, options->confidence, (unsigned long long)options->horizon, returns.count,
                   (unsigned long long)options->paths, (unsigned long long)options->seed, size, MPI_Wtime() - start);
        }
        free(losses);
        status = OK;
    }
    free(returns.daily);
    return status;
}

int main(int argc, char **argv)
{
    MPI_Init(&argc, &argv);

    int rank, size;
    struct options options;
    MPI_Comm_rank(MPI_COMM_WORLD, &rank);
    MPI_Comm_size(MPI_COMM_WORLD, &size);
    int status = read_options(rank, argc, argv, &options) ? run(rank, size, &options) : BAD_INPUT;

    MPI_Finalize();
    return status;
}

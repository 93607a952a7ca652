/* Pi by random points in a square: pi [POINTS [SEED]]. The same points, and so the same result, for any
 * number of ranks. */
#include "arguments.h"
#include "splitmix64.h"

#include <math.h>
#include <mpi.h>

int main(int argc, char **argv)
{
    MPI_Init(&argc, &argv);

    int rank, size;
    MPI_Comm_rank(MPI_COMM_WORLD, &rank);
    MPI_Comm_size(MPI_COMM_WORLD, &size);
    uint64_t points = 100000000, seed = 1;
    if ((argc > 1 && !read_count(rank, "the number of points", argv[1], 1, UINT64_C(1) << 50, &points)) ||
        (argc > 2 && !read_count(rank, "the seed", argv[2], 0, UINT64_MAX, &seed))) {
        MPI_Finalize();
        return BAD_INPUT;
    }

    double start = MPI_Wtime();
    uint64_t inside = 0, all_inside = 0;
    for (uint64_t point = (uint64_t)rank; point < points; point += (uint64_t)size) {
        double x = splitmix64_uniform(seed, 2 * point);
        double y = splitmix64_uniform(seed, 2 * point + 1);
        inside += x * x + y * y < 1;
    }
    MPI_Reduce(&inside, &all_inside, 1, MPI_UINT64_T, MPI_SUM, 0, MPI_COMM_WORLD);

    if (rank == 0) {
        double pi = acos(-1);
        double share = (double)all_inside / (double)points;
        double deviation = 4 * sqrt(share * (1 - share) / (double)points);
        printf("pi is about %.9f, off by %+.9f (one standard deviation is %.9f)\n", 4 * share, 4 * share - pi, deviation);
        printf("%llu points, seed %llu, %d ranks, %.3f s\n", (unsigned long long)points, (unsigned long long)seed, size,
               MPI_Wtime() - start);
    }
    MPI_Finalize();
    return OK;
}

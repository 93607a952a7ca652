/* A token goes round all ranks: ring [LAPS]. Rank 0 prints how long a lap takes. */
#include "arguments.h"

#include <mpi.h>

int main(int argc, char **argv)
{
    MPI_Init(&argc, &argv);

    int rank, size;
    MPI_Comm_rank(MPI_COMM_WORLD, &rank);
    MPI_Comm_size(MPI_COMM_WORLD, &size);
    uint64_t laps = 1000;
    if (argc > 1 && !read_count(rank, "the number of laps", argv[1], 1, 100000000, &laps)) {
        MPI_Finalize();
        return BAD_INPUT;
    }

    int next = (rank + 1) % size;
    int previous = (rank + size - 1) % size;
    int64_t token = 0; /* every rank adds one, so a hop that is lost or doubled shows at the end */
    MPI_Barrier(MPI_COMM_WORLD);
    double start = MPI_Wtime();
    for (uint64_t lap = 0; lap < laps; lap++) {
        if (rank == 0) {
            /* not MPI_Send: a ring of one rank sends to itself, and may not wait for itself to receive */
            int64_t sent = token + 1;
            MPI_Request request;
            MPI_Isend(&sent, 1, MPI_INT64_T, next, 0, MPI_COMM_WORLD, &request);
            MPI_Recv(&token, 1, MPI_INT64_T, previous, 0, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
            MPI_Wait(&request, MPI_STATUS_IGNORE);
        } else {
            MPI_Recv(&token, 1, MPI_INT64_T, previous, 0, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
            token++;
            MPI_Send(&token, 1, MPI_INT64_T, next, 0, MPI_COMM_WORLD);
        }
    }
    double seconds = MPI_Wtime() - start;

    int status = OK;
    if (rank == 0) {
        int64_t expected = (int64_t)laps * size;
        printf("%llu laps of %d ranks: %.2f microseconds a lap\n", (unsigned long long)laps, size,
               seconds / (double)laps * 1e6);
        if (token != expected) {
            fprintf(stderr, "the token came back as %lld; it must be %lld\n", (long long)token, (long long)expected);
            status = FAILED;
        }
    }
    MPI_Finalize();
    return status;
}

/* How fast a message is between the ranks 0 and 1: latency [REPETITIONS]. For each size a message goes
 * there and back; half of the median round trip is the latency. Further ranks wait. */
#include "arguments.h"

#include <mpi.h>

enum { LARGEST_BYTES = 4 * 1024 * 1024 };

static int ascending(const void *left, const void *right)
{
    double a = *(const double *)left, b = *(const double *)right;
    return (a > b) - (a < b);
}

/* One message there and one back, as the ranks 0 and 1 see it; the time of both in seconds. */
static double round_trip(int rank, char *message, int bytes)
{
    double start = MPI_Wtime();
    if (rank == 0) {
        MPI_Send(message, bytes, MPI_BYTE, 1, 0, MPI_COMM_WORLD);
        MPI_Recv(message, bytes, MPI_BYTE, 1, 0, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
    } else {
        MPI_Recv(message, bytes, MPI_BYTE, 0, 0, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
        MPI_Send(message, bytes, MPI_BYTE, 0, 0, MPI_COMM_WORLD);
    }
    return MPI_Wtime() - start;
}

static void measure(int rank, int repetitions, char *message, double *seconds)
{
    if (rank == 0)
        printf("%10s %14s %14s\n", "bytes", "microseconds", "MB/s");
    for (int bytes = 0; bytes <= LARGEST_BYTES; bytes = bytes == 0 ? 1 : 4 * bytes) {
        round_trip(rank, message, bytes); /* the first one of a size may set up buffers */
        for (int repetition = 0; repetition < repetitions; repetition++)
            seconds[repetition] = round_trip(rank, message, bytes);
        if (rank == 0) {
            qsort(seconds, (size_t)repetitions, sizeof *seconds, ascending);
            double latency = seconds[repetitions / 2] / 2;
            printf("%10d %14.2f %14.1f\n", bytes, latency * 1e6, bytes / latency / 1e6);
        }
    }
}

int main(int argc, char **argv)
{
    MPI_Init(&argc, &argv);

    int rank, size, status = OK;
    MPI_Comm_rank(MPI_COMM_WORLD, &rank);
    MPI_Comm_size(MPI_COMM_WORLD, &size);
    uint64_t repetitions = 501;
    if (argc > 1 && !read_count(rank, "the number of repetitions", argv[1], 1, 1000000, &repetitions)) {
        status = BAD_INPUT;
    } else if (size < 2) {
        fprintf(stderr, "there is %d rank; latency needs 2 or more\n", size);
        status = BAD_INPUT;
    } else if (rank < 2) {
        char *message = calloc(LARGEST_BYTES, 1);
        double *seconds = calloc(repetitions, sizeof *seconds);
        if (message == NULL || seconds == NULL) {
            fprintf(stderr, "rank %d has no memory for the messages\n", rank);
            MPI_Abort(MPI_COMM_WORLD, FAILED);
        } else {
            measure(rank, (int)repetitions, message, seconds);
        }
        free(message);
        free(seconds);
    }
    MPI_Finalize();
    return status;
}

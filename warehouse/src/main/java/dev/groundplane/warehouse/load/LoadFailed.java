package dev.groundplane.warehouse.load;

/** More rows were bad than may be; what was wrong with them is collected. Stays within the package. */
final class LoadFailed extends RuntimeException {
    private static final long serialVersionUID = 1L;
}

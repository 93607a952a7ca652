package dev.groundplane.warehouse.copyjob;

/**
 * A file that is to be loaded.
 *
 * @param known whether the ledger has a row of it already: it was there before the job, or failed
 */
record FreshFile(LandedFile file, boolean known) {}

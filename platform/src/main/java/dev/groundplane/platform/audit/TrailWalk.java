package dev.groundplane.platform.audit;

import dev.groundplane.platform.audit.AuditFinding.Kind;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Follows the whole trail upwards: positions are in one order for all chains, and each chain has its own hashes. Not
 * thread-safe.
 */
final class TrailWalk {
    private final Findings findings;
    private final Map<String, ChainWalk> chains = new LinkedHashMap<>();
    private final long start;
    private long position;
    /** The last record before which some are missing. */
    private long gap;

    private long records;
    private long first;

    /** @param statements what is signed of each chain */
    TrailWalk(Map<String, SignedStatements> statements, Findings findings) {
        this.findings = findings;
        statements.forEach((chain, signed) -> chains.put(chain, walk(chain, signed)));
        start = statements.values().stream()
                .mapToLong(SignedStatements::removed)
                .max()
                .orElse(0);
        position = start;
    }

    private ChainWalk walk(String chain, SignedStatements signed) {
        return new ChainWalk(signed.removed(), signed.removedHash(), signed.all(), findings.in(chain));
    }

    void next(AuditRow row) {
        if (row.position() > start) {
            if (row.position() != position + 1) {
                findings.add(
                        Kind.MISSING,
                        position + 1,
                        "",
                        "records %d to %d are missing: they were deleted",
                        position + 1,
                        row.position() - 1);
                gap = row.position();
            }
            position = row.position();
        }
        ChainWalk chain = chains.computeIfAbsent(row.chain(), name -> walk(name, SignedStatements.NONE));
        chain.next(row, gap > chain.position());
        first = records == 0 ? row.position() : first;
        records++;
    }

    /** The position of the last record. */
    long position() {
        return position;
    }

    /** The position of the first record; 0 when there is none. */
    long first() {
        return first;
    }

    long records() {
        return records;
    }

    /** The last position before which every record is signed. */
    long signed() {
        return chains.values().stream()
                .mapToLong(ChainWalk::unsigned)
                .filter(unsigned -> unsigned > 0)
                .map(unsigned -> unsigned - 1)
                .min()
                .orElseGet(() -> chains.values().stream()
                        .mapToLong(ChainWalk::lastSigned)
                        .max()
                        .orElse(0));
    }

    Map<String, ChainWalk> chains() {
        return chains;
    }
}

package dev.groundplane.server;

import dev.groundplane.server.http.Listener;
import dev.groundplane.server.local.S3Location;
import dev.groundplane.server.local.StoreLocation;
import dev.groundplane.server.tls.CertificateSource;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What an operator says about a start of the control plane. It holds for that start only.
 *
 * @param port to listen on, on loopback and elsewhere
 * @param listeners where to listen besides loopback
 * @param tls what to speak TLS with, everywhere; empty for plain HTTP
 * @param hostLostAfter for how long a host's agent may be away before services replace their tasks there
 * @param audit what happens to audit records
 * @param store where the state is; empty for the data directory
 * @param s3 which S3 keeps the objects; empty for the data directory
 * @param s3ListEvery how often the prefixes of copy jobs are listed there
 * @param warehouseSleepsAfter for how long nobody must be connected to a workgroup until its worker ends
 */
public record Settings(
        int port,
        List<Listener> listeners,
        Optional<CertificateSource> tls,
        Duration hostLostAfter,
        AuditSettings audit,
        Optional<StoreLocation> store,
        Optional<S3Location> s3,
        Duration s3ListEvery,
        Duration warehouseSleepsAfter) {

    /** What holds when nobody says otherwise. */
    public static Settings onLoopback(int port) {
        return new Settings(
                port,
                List.of(),
                Optional.empty(),
                Duration.ofMinutes(5),
                AuditSettings.DEFAULT,
                Optional.empty(),
                Optional.empty(),
                Duration.ofSeconds(5),
                Duration.ofMinutes(5));
    }
}

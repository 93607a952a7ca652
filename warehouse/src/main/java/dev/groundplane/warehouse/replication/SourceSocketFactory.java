package dev.groundplane.warehouse.replication;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import javax.net.SocketFactory;
import jdk.net.ExtendedSocketOptions;

/**
 * Makes the driver's sockets to a source, which notice that the network between has gone: packets then vanish, and nobody is told.
 * Whoever waits for a statement's end is told by the kernel's probes; what is sent without an answer hinders those, so that a
 * stream, which asks for answers, is broken when none comes. Public because the driver makes it by name.
 */
public final class SourceSocketFactory extends SocketFactory {
    /** A probe after so long without anything, then others; when none is answered, that is a minute. */
    private static final int FIRST_PROBE_SECONDS = 30;

    private static final int NEXT_PROBE_SECONDS = 10;
    private static final int PROBES = 3;

    private final Duration patience;

    /** @param patience an ISO 8601 duration: reads that have waited so long fail, if they time out at all */
    public SourceSocketFactory(String patience) {
        this.patience = Duration.parse(patience);
    }

    @Override
    public Socket createSocket() throws IOException {
        var socket = new ImpatientSocket(patience);
        socket.setOption(ExtendedSocketOptions.TCP_KEEPIDLE, FIRST_PROBE_SECONDS);
        socket.setOption(ExtendedSocketOptions.TCP_KEEPINTERVAL, NEXT_PROBE_SECONDS);
        socket.setOption(ExtendedSocketOptions.TCP_KEEPCOUNT, PROBES);
        return socket;
    }

    @Override
    public Socket createSocket(String host, int port) {
        throw unused();
    }

    @Override
    public Socket createSocket(String host, int port, InetAddress from, int fromPort) {
        throw unused();
    }

    @Override
    public Socket createSocket(InetAddress host, int port) {
        throw unused();
    }

    @Override
    public Socket createSocket(InetAddress host, int port, InetAddress from, int fromPort) {
        throw unused();
    }

    private static UnsupportedOperationException unused() {
        return new UnsupportedOperationException("the driver connects sockets itself");
    }

    private static final class ImpatientSocket extends Socket {
        private final Duration patience;

        private ImpatientSocket(Duration patience) {
            this.patience = patience;
        }

        @Override
        public InputStream getInputStream() throws IOException {
            return new ImpatientInput(super.getInputStream(), patience);
        }
    }

    /** The driver takes a read that times out for nothing that has come yet, and reads again, for ever. */
    private static final class ImpatientInput extends FilterInputStream {
        private final Duration patience;
        private boolean waits;
        /** When it was read without success first since something came. */
        private long since;

        private ImpatientInput(InputStream input, Duration patience) {
            super(input);
            this.patience = patience;
        }

        @Override
        public int read() throws IOException {
            var one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            if (!waits) {
                waits = true;
                since = System.nanoTime();
            }
            try {
                var count = super.read(bytes, offset, length);
                waits = false;
                return count;
            } catch (SocketTimeoutException e) {
                if (System.nanoTime() - since >= patience.toNanos()) {
                    throw new IOException(
                            "nothing has come from the source for %d s".formatted(patience.toSeconds()), e);
                }
                throw e;
            }
        }
    }
}

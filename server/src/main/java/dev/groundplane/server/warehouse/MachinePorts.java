package dev.groundplane.server.warehouse;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;

/** Ports of this machine, whoever listens at them. */
public final class MachinePorts {
    private MachinePorts() {}

    /** Whether nobody listens at a port of an address now, so that somebody else could. */
    public static boolean isFree(String address, int port) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(address, port));
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}

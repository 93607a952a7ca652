package dev.groundplane.server.http;

import dev.groundplane.platform.ErrorKind;
import dev.groundplane.platform.GroundplaneException;
import java.net.InetAddress;
import java.net.UnknownHostException;

/**
 * An address on which calls are answered, besides loopback.
 *
 * @param address of this machine; a name or a number, no wildcard
 */
public record Listener(String address) {
    /** @throws GroundplaneException when the address is a wildcard or cannot be resolved */
    public Listener {
        try {
            if (InetAddress.getByName(address).isAnyLocalAddress()) {
                throw new GroundplaneException(
                        ErrorKind.USER_ERROR,
                        "--listen %s would mean every network that this machine is in; name its addresses one by one"
                                .formatted(address));
            }
        } catch (UnknownHostException e) {
            throw new GroundplaneException(
                    ErrorKind.USER_ERROR, "--listen %s is no address of this machine".formatted(address), e);
        }
    }

    /** Whether what passes here leaves the machine. */
    public boolean isOnNetwork() {
        try {
            return !InetAddress.getByName(address).isLoopbackAddress();
        } catch (UnknownHostException e) {
            return true;
        }
    }
}

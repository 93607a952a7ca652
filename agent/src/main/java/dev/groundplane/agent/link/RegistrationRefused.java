package dev.groundplane.agent.link;

/** The control plane will not have this host as a container instance of the cluster, whenever it is asked. */
public final class RegistrationRefused extends Exception {
    private static final long serialVersionUID = 1L;

    RegistrationRefused(String message, Throwable cause) {
        super(message, cause);
    }
}

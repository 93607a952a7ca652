package dev.groundplane.agent.link;

import java.net.URI;

/** Opens channels to the control plane. */
public interface ChannelConnector {

    /**
     * Opens a channel for a container instance.
     *
     * @param endpoint the endpoint that DiscoverPollEndpoint named
     * @throws ConnectFailure when there is no channel
     */
    MessageChannel connect(URI endpoint, Instance instance) throws ConnectFailure, InterruptedException;
}

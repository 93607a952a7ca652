package dev.groundplane.agent.link;

/**
 * What the control plane knows this agent as.
 *
 * @param cluster the cluster's name or ARN
 * @param arn the container instance's ARN
 */
public record Instance(String cluster, String arn) {}

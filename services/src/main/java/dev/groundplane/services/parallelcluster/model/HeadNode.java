package dev.groundplane.services.parallelcluster.model;

import java.time.Instant;

/** The head node in a description. */
public record HeadNode(
        String instanceId, String instanceType, Instant launchTime, String privateIpAddress, String state) {}

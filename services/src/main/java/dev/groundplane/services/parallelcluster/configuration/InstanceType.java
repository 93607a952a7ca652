package dev.groundplane.services.parallelcluster.configuration;

/** How large a node is: EC2's vCPUs (threads of a core), and memory in MiB. */
public record InstanceType(String name, int vcpus, long memoryMib) {}

package dev.groundplane.services.parallelcluster.model;

/** What an instance is in its cluster; spelled in JSON as here. */
@SuppressWarnings("checkstyle:ConstantName")
public enum NodeType {
    HeadNode,
    ComputeNode,
    LoginNode
}

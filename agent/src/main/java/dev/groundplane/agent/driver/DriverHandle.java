package dev.groundplane.agent.driver;

/**
 * What finds a container again after a restart of the agent. Only its driver looks inside.
 *
 * @param driver the driver's name
 * @param version the version of the data's form, so that a newer agent can read what an older one wrote
 * @param data opaque text
 */
public record DriverHandle(String driver, int version, String data) {}

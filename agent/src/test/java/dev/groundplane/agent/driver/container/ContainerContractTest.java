package dev.groundplane.agent.driver.container;

/** The container driver does what every driver must. */
class ContainerContractTest extends ContainerDriverTestBase {}

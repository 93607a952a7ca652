package dev.groundplane.agent.driver.host;

/** The host driver where it may make neither namespaces nor cgroups, as without root. */
class PlainHostDriverTest extends HostDriverTestBase {
    @Override
    HostFeatures features() {
        return HostFeatures.plain(false);
    }
}

package dev.groundplane.server.cli;

import dev.groundplane.server.local.Connection;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Prints the shell lines that point AWS tools at the installation. */
@Command(
        name = "env",
        description = "Print the lines that point AWS tools here: eval \"$(./groundplane env)\"",
        mixinStandardHelpOptions = true)
final class EnvCommand implements Callable<Integer> {
    @Mixin
    private DataOption data;

    @Override
    public Integer call() {
        Connection connection = Connection.of(data.directory());
        System.out.println("export AWS_ENDPOINT_URL=" + connection.endpoint());
        System.out.println("export AWS_ACCESS_KEY_ID=" + connection.accessKeyId());
        System.out.println("export AWS_SECRET_ACCESS_KEY=" + connection.secretAccessKey());
        System.out.println("export AWS_DEFAULT_REGION=" + connection.region());
        if (connection.authorities() != null) {
            System.out.println("export AWS_CA_BUNDLE=" + connection.authorities());
        }
        return 0;
    }
}

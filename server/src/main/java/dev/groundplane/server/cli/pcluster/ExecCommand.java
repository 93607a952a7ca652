package dev.groundplane.server.cli.pcluster;

import dev.groundplane.platform.ErrorKind;
import dev.groundplane.platform.GroundplaneException;
import dev.groundplane.server.cli.pcluster.ApiClient.Answer;
import dev.groundplane.server.hpc.HeadNodeEntry;
import java.io.IOException;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Runs a command on a head node, with this command's standard input, output and exit status. AWS's has none such; it has {@code ssh}. */
@Command(
        name = "exec",
        description = "Run a command on the head node as the cluster's user: exec -n NAME -- COMMAND",
        mixinStandardHelpOptions = true)
final class ExecCommand extends ApiCommand {
    /** What an ARN of a stack ends with begins with the cluster's id. */
    private static final int ID_LENGTH = 8;

    @Mixin
    private ClusterName cluster;

    @Parameters(paramLabel = "COMMAND", arity = "1..*", description = "the command and its arguments")
    private List<String> command;

    @Override
    int run(ApiClient api, Screen screen) throws InterruptedException {
        Answer answer = api.describeCluster(cluster.value());
        if (!answer.ok()) {
            return screen.show(answer);
        }
        String stack = answer.body().path("cloudformationStackArn").asText();
        String unique = stack.substring(stack.lastIndexOf('/') + 1);
        List<String> words = HeadNodeEntry.words(unique.substring(0, ID_LENGTH), command);
        try {
            return new ProcessBuilder(words).inheritIO().start().waitFor();
        } catch (IOException e) {
            throw new GroundplaneException(ErrorKind.EXTERNAL, "cannot run nsenter: " + e.getMessage(), e);
        }
    }
}

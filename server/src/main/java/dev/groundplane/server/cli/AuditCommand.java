package dev.groundplane.server.cli;

import picocli.CommandLine.Command;

/** What is done with the audit trail by hand. */
@Command(
        name = "audit",
        description = "Look after the audit trail.",
        subcommands = AuditVerifyCommand.class,
        mixinStandardHelpOptions = true)
final class AuditCommand {}

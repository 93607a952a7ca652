/** The command line. Each command is a class; what it shows is for people, {@code --json} is for scripts. */
@NullMarked
package dev.groundplane.server.cli;

import org.jspecify.annotations.NullMarked;

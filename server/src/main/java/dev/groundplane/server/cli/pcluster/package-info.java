/**
 * {@code groundplane pcluster}: what AWS ParallelCluster's own command does, with its options, as a client of the installation.
 * What a command prints is the API's JSON, as that command prints it; what is for people goes to standard error. Nothing here
 * knows how clusters are made.
 */
@NullMarked
package dev.groundplane.server.cli.pcluster;

import org.jspecify.annotations.NullMarked;

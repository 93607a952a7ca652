/**
 * ParallelCluster's cluster configuration file: its YAML read, checked and made values of.
 * {@link dev.groundplane.services.parallelcluster.configuration.ConfigurationReader} is the way in. A text becomes a tree
 * ({@code YamlTree}); a table of keys says what each may be and what becomes of it ({@code Schema}); what concerns several keys
 * is {@code ClusterRules}; and a tree without errors becomes records ({@code ClusterBuilder}).
 *
 * <p>Pure functions: no store, no network, no clock.
 */
@NullMarked
package dev.groundplane.services.parallelcluster.configuration;

import org.jspecify.annotations.NullMarked;

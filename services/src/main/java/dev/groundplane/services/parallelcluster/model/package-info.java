/** What ParallelCluster's REST API takes and answers. The members are named as in its JSON; null is a member that is not there. */
@NullMarked
package dev.groundplane.services.parallelcluster.model;

import org.jspecify.annotations.NullMarked;

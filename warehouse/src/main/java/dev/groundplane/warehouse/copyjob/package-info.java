/** Copy jobs: files that land in S3 are loaded by themselves, each once for each job. Nothing here knows a client's session. */
@NullMarked
package dev.groundplane.warehouse.copyjob;

import org.jspecify.annotations.NullMarked;

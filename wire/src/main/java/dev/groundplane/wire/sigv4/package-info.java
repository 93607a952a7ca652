/** AWS Signature Version 4 as a server sees it: reading a signature from a request and checking it. */
@NullMarked
package dev.groundplane.wire.sigv4;

import org.jspecify.annotations.NullMarked;

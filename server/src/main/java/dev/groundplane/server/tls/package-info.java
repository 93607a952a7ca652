/**
 * Where the control plane's certificate comes from, how it is renewed, and whom clients on this machine trust. How it is
 * spoken is the front door's.
 */
@NullMarked
package dev.groundplane.server.tls;

import org.jspecify.annotations.NullMarked;

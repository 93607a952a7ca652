/**
 * Who this host is to the control plane: its key pair, its registration as a managed instance, the credentials that follow
 * from it, and the control plane's time, by which everything is signed. Follows the AWS SSM agent's protocol.
 */
@NullMarked
package dev.groundplane.agent.identity;

import org.jspecify.annotations.NullMarked;

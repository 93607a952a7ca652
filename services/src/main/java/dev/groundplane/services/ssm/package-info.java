/**
 * AWS Systems Manager: activations, the managed instances that registered with them, and the protocol by which an instance
 * gets its identity and credentials (not in AWS's public models; its form is the SSM agent's), and Parameter Store: every
 * parameter's value is sealed before it reaches the store, because people put secrets also where they should not.
 */
@NullMarked
package dev.groundplane.services.ssm;

import org.jspecify.annotations.NullMarked;

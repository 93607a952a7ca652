/**
 * AWS Systems Manager: activations, the managed instances that registered with them, and the protocol by which an instance
 * gets its identity and credentials. The latter is not in AWS's public models; its form is the SSM agent's.
 */
@NullMarked
package dev.groundplane.services.ssm;

import org.jspecify.annotations.NullMarked;

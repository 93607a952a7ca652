/**
 * The front door: turns an HTTP request into a call of a service: verify the signature, decide by policy, decode, call,
 * encode, record. Knows no service by name but through its catalog.
 */
@NullMarked
package dev.groundplane.server.http;

import org.jspecify.annotations.NullMarked;

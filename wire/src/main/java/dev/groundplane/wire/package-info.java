/**
 * AWS protocols (JSON 1.0/1.1, Query, REST-JSON, REST-XML) to and from the AWS SDK's own model objects.
 *
 * <p>Knows protocols, not services: no service name or operation is mentioned here. The only place in Groundplane that
 * touches SDK internals ({@code SdkField}, marshaller bindings, client protocol metadata); an SDK upgrade that moves them
 * breaks {@code RoundTripTest} and nothing else.
 */
@NullMarked
package dev.groundplane.wire;

import org.jspecify.annotations.NullMarked;

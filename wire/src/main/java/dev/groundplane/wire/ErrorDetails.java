package dev.groundplane.wire;

import java.util.Map;

/**
 * What an exception tells its client besides code and message, where the service's model has no members for it. REST-XML has such
 * errors. Implemented by a service's exceptions.
 */
public interface ErrorDetails {
    /** Elements of the error, in order. */
    Map<String, String> elements();

    /** Headers of the response. */
    Map<String, String> headers();
}

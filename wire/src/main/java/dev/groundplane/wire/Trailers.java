package dev.groundplane.wire;

import java.util.Map;
import java.util.Set;

/** What the stream of a request's content tells when headers follow the content. */
public interface Trailers {
    /** Names of the headers that will follow, in lower case; known from the start. */
    Set<String> announced();

    /** The headers that followed, by lower-case name; complete once the content has been read to its end. */
    Map<String, String> trailers();
}

package dev.groundplane.agent.metadata;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Which answers stand at which paths. Thread safe. */
final class Routes {
    private static final Logger log = LoggerFactory.getLogger(Routes.class);
    private static final String CREDENTIALS = "/v2/credentials/";
    private static final String METADATA = "/v4/";
    private static final int METHOD_NOT_ALLOWED = 405;
    private static final int INTERNAL_ERROR = 500;

    private final CredentialsAnswers credentials;
    private final MetadataAnswers metadata;

    Routes(CredentialsAnswers credentials, MetadataAnswers metadata) {
        this.credentials = credentials;
        this.metadata = metadata;
    }

    Answer answer(String method, String path) {
        if (!method.equals("GET")) {
            return new Answer(METHOD_NOT_ALLOWED, "405 method not allowed");
        }
        try {
            if (path.startsWith(CREDENTIALS)) {
                return credentials.answer(path.substring(CREDENTIALS.length()));
            }
            if (path.startsWith(METADATA)) {
                var parts = path.substring(METADATA.length()).split("/", 2);
                return metadata.answer(parts[0], parts.length == 1 ? "" : parts[1]);
            }
            return new Answer(Answer.NOT_FOUND, "404 page not found");
        } catch (RuntimeException e) {
            // The outermost frame of a request. Its path is a secret.
            log.error("cannot answer a task's request", e);
            return new Answer(INTERNAL_ERROR, "the agent could not answer");
        }
    }
}

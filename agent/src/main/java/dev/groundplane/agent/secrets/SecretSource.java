package dev.groundplane.agent.secrets;

import java.util.List;
import java.util.Map;
import software.amazon.awssdk.auth.credentials.AwsCredentials;

/** Where secrets come from. Thread safe. */
public interface SecretSource {
    /**
     * The text of a secret's version.
     *
     * @throws SourceFailure when it is not to be had
     */
    String secret(String region, AsmReference reference, AwsCredentials credentials) throws SourceFailure;

    /**
     * The decrypted values of parameters.
     *
     * @param names names or ARNs; what has no parameter is missing in the result
     * @return values by what was asked for
     * @throws SourceFailure when they are not to be had
     */
    Map<String, String> parameters(String region, List<String> names, AwsCredentials credentials) throws SourceFailure;

    /**
     * The text of an S3 object, in UTF-8.
     *
     * @throws SourceFailure when it is not to be had, or larger than an environment may be
     */
    String object(String region, ObjectReference reference, AwsCredentials credentials) throws SourceFailure;

    /** What was asked for is not to be had: now, or at all. */
    final class SourceFailure extends Exception {
        private static final long serialVersionUID = 1L;

        private final boolean passing;

        /**
         * A failure with its reason, which holds no secret.
         *
         * @param passing whether asking again may help: the control plane is away, or has too much to do
         */
        public SourceFailure(boolean passing, String message) {
            super(message);
            this.passing = passing;
        }

        boolean isPassing() {
            return passing;
        }
    }
}

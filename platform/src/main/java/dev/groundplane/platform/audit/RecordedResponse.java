package dev.groundplane.platform.audit;

/** A response that is no SDK object and says itself what its audit record shows. */
public interface RecordedResponse {
    /** A JSON object without anything secret. */
    String recordJson();
}

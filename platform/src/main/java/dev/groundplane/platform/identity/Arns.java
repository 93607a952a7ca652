package dev.groundplane.platform.identity;

/** Reading the parts of ARNs. */
public final class Arns {
    private Arns() {}

    /** Whether the text has the form of an ARN. */
    public static boolean isArn(String text) {
        return text.startsWith("arn:");
    }

    /** What follows the last slash of an ARN or name; the whole text when there is none. */
    public static String lastPart(String arn) {
        return arn.substring(arn.lastIndexOf('/') + 1);
    }

    /** The sixth part of an ARN: {@code cluster/default} in {@code arn:aws:ecs:us-east-1:1:cluster/default}. */
    public static String resource(String arn) {
        String[] parts = arn.split(":", 6);
        return parts.length == 6 ? parts[5] : "";
    }
}

package dev.groundplane.services.ecs;

/**
 * Where a family's revisions stand.
 *
 * @param lastRevision the highest revision ever registered
 * @param lastActive the highest ACTIVE revision; 0 when there is none
 */
record TaskDefinitionFamily(int lastRevision, int lastActive) {
    String encode() {
        return lastRevision + " " + lastActive;
    }

    static TaskDefinitionFamily decode(String text) {
        int space = text.indexOf(' ');
        return new TaskDefinitionFamily(
                Integer.parseInt(text.substring(0, space)), Integer.parseInt(text.substring(space + 1)));
    }
}

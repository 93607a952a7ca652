package dev.groundplane.services.parallelcluster.configuration;

/**
 * A key of a section.
 *
 * @param effect what becomes of it
 * @param required whether it must be there
 * @param shape what its value may be
 * @param note what it chooses; or why it chooses nothing or is not implemented, as a part of a sentence
 */
record Key(String name, Effect effect, boolean required, Shape shape, String note) {
    /** The validator of messages about what chooses nothing. */
    static final String CHOOSES_NOTHING = "ChoosesNothingValidator";

    /** The validator of messages about what is not implemented. */
    static final String NOT_IMPLEMENTED = "NotImplementedValidator";

    /** What becomes of a key. */
    enum Effect {
        /** It does what ParallelCluster documents. */
        USED("used"),
        /** It is accepted, chooses nothing, and nobody would miss it: an INFO. */
        FORMAL("accepted, chooses nothing"),
        /** It is accepted and chooses nothing: a WARNING, once, whatever is in it. */
        HOLLOW("accepted, chooses nothing"),
        /** It would mislead: an ERROR. */
        REFUSED("not implemented");

        final String words;

        Effect(String words) {
            this.words = words;
        }
    }

    /** A key that does something; its shape may be a section of others. */
    static Key used(String name, Shape shape, String note) {
        return new Key(name, Effect.USED, false, shape, note);
    }

    /** A key that ParallelCluster needs and for which there is nothing to choose here. */
    static Key formal(String name, Shape shape, String note) {
        return new Key(name, Effect.FORMAL, false, shape, note);
    }

    /** A key that is accepted with whatever is in it. */
    static Key hollow(String name, String note) {
        return new Key(name, Effect.HOLLOW, false, Shapes.anything(), note);
    }

    /** With a shape: a value that ParallelCluster would refuse is refused here too. */
    static Key hollow(String name, Shape shape, String note) {
        return new Key(name, Effect.HOLLOW, false, shape, note);
    }

    /** A key that is refused with whatever is in it. */
    static Key refused(String name, String note) {
        return new Key(name, Effect.REFUSED, false, Shapes.anything(), note);
    }

    /** With a shape: what is not implemented is checked all the same. */
    static Key refused(String name, Shape shape, String note) {
        return new Key(name, Effect.REFUSED, false, shape, note);
    }

    /** The same key, which must be there. */
    Key needed() {
        return new Key(name, effect, true, shape, note);
    }

    /** Tells what there is to say about the key and its value. */
    void check(YamlNode value, String path, Problems problems) {
        switch (effect) {
            case USED -> {}
            case FORMAL -> problems.info(path, CHOOSES_NOTHING, name + " chooses nothing here: " + note + ".");
            case HOLLOW -> problems.warning(path, CHOOSES_NOTHING, name + " chooses nothing here: " + note + ".");
            case REFUSED -> problems.error(path, NOT_IMPLEMENTED, name + " is not implemented: " + note + ".");
        }
        shape.check(value, path, problems);
    }
}

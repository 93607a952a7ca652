package dev.groundplane.services.ssm;

/** Text that may be looked at only so often, so that nobody's regular expression keeps a processor busy for ever. */
final class BoundedText implements CharSequence {
    private static final int MAX_STEPS = 20_000_000;

    /** The text was looked at too often. */
    static final class TooManySteps extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    private final String text;
    private int steps;

    BoundedText(String text) {
        this.text = text;
    }

    @Override
    public char charAt(int index) {
        if (++steps > MAX_STEPS) {
            throw new TooManySteps();
        }
        return text.charAt(index);
    }

    @Override
    public int length() {
        return text.length();
    }

    @Override
    public CharSequence subSequence(int start, int end) {
        return text.substring(start, end);
    }

    @Override
    public String toString() {
        return text;
    }
}

package dev.groundplane.warehouse.function;

/** A pattern in one of the syntaxes of regular expressions. Thread-safe. */
interface RegularSyntax {
    /** How many groups the pattern has. */
    int groups();

    /**
     * Looks for matches.
     *
     * @param from where it begins; the text's begin stays where it is
     */
    Search search(String text, int from);

    /** Matches one after the other. For one thread. */
    interface Search {
        /** Where nothing can be found. */
        Search NONE = new Search() {
            @Override
            public boolean next() {
                return false;
            }

            @Override
            public int start(int group) {
                throw new IllegalStateException("there is no match");
            }

            @Override
            public int end(int group) {
                throw new IllegalStateException("there is no match");
            }
        };

        /**
         * Goes to the next match; false when there is none left.
         *
         * @throws FunctionFailure when to find it would take too long
         */
        boolean next();

        /** Where a group begins, 0 for the whole match; -1 when it has no part in it. */
        int start(int group);

        /** Where it ends. */
        int end(int group);
    }
}

/** The types of values as clients see them: OIDs, text and binary formats, and where the engine's types go. */
@NullMarked
package dev.groundplane.warehouse.type;

import org.jspecify.annotations.NullMarked;

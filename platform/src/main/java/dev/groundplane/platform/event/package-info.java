/** In-process events and the reconcilers that act on them. Events say that something changed, never what to do. */
@NullMarked
package dev.groundplane.platform.event;

import org.jspecify.annotations.NullMarked;

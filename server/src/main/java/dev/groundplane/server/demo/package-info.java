/**
 * The bank pipeline: the main job from end to end on real input, with everything set up by itself. Every capability of
 * Groundplane adds its step here. Steps use the platform as a user would, through its AWS APIs and its users' own tools.
 */
@NullMarked
package dev.groundplane.server.demo;

import org.jspecify.annotations.NullMarked;

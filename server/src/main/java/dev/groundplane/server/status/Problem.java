package dev.groundplane.server.status;

/**
 * Something that a person should attend to.
 *
 * @param what what is wrong
 * @param todo what to do about it
 */
public record Problem(String what, String todo) {}

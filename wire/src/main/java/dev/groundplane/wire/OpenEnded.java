package dev.groundplane.wire;

/** Content that does not tell its length before its end: a file in a form. */
public interface OpenEnded {}

package dev.groundplane.pgwire;

/**
 * A column of a result.
 *
 * @param typeSize bytes of a value in binary format; negative where they vary
 * @param typeModifier PostgreSQL's atttypmod: a length or precision and scale; -1 for none
 */
public record Column(String name, int typeOid, int typeSize, int typeModifier) {}

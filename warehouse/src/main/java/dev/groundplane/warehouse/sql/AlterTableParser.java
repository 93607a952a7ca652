package dev.groundplane.warehouse.sql;

import dev.groundplane.warehouse.sql.Ddl.Alteration;
import java.util.ArrayList;
import java.util.List;

/** {@code ALTER TABLE}, after these words. For one statement. */
final class AlterTableParser {
    private final TokenReader reader;

    private AlterTableParser(TokenReader reader) {
        this.reader = reader;
    }

    static Ddl read(TokenReader reader) {
        var name = reader.qualifiedName();
        return new Ddl.AlterTable(name, new AlterTableParser(reader).alteration());
    }

    private Alteration alteration() {
        if (reader.accept("RENAME", "TO")) {
            return new Alteration.RenameTo(reader.name());
        }
        if (reader.accept("RENAME")) {
            reader.accept("COLUMN");
            var column = reader.name();
            reader.expect("TO");
            return new Alteration.RenameColumn(column, reader.name());
        }
        if (reader.accept("ADD")) {
            return added();
        }
        if (reader.accept("DROP")) {
            return dropped();
        }
        if (reader.accept("ALTER")) {
            return altered();
        }
        throw SqlFailure.unsupported("ALTER TABLE … " + reader.take().keyword());
    }

    private Alteration added() {
        if (ColumnParser.seesConstraint(reader)) {
            return new Alteration.AddConstraint(ColumnParser.tableConstraint(reader));
        }
        reader.accept("COLUMN");
        return new Alteration.AddColumn(ColumnParser.column(reader));
    }

    private Alteration dropped() {
        if (reader.accept("CONSTRAINT")) {
            var name = reader.name();
            DdlParser.cascade(reader);
            return new Alteration.DropConstraint(name);
        }
        reader.accept("COLUMN");
        var column = reader.name();
        return new Alteration.DropColumn(column, DdlParser.cascade(reader));
    }

    private Alteration altered() {
        if (reader.accept("DISTSTYLE")) {
            var style = CreateTableParser.distStyle(reader);
            var key = style.equals("KEY") && reader.accept("DISTKEY") ? reader.name() : null;
            if (style.equals("KEY") && key == null) {
                throw reader.unexpected();
            }
            return new Alteration.Distribute(style, key);
        }
        if (reader.accept("DISTKEY")) {
            return new Alteration.Distribute("KEY", reader.name());
        }
        if (reader.accept("SORTKEY", "AUTO") || reader.accept("SORTKEY", "NONE")) {
            return new Alteration.Sort(List.of());
        }
        if (reader.accept("COMPOUND", "SORTKEY") || reader.accept("SORTKEY")) {
            return new Alteration.Sort(reader.names());
        }
        if (reader.accept("ENCODE", "AUTO")) {
            return new Alteration.EncodeAuto();
        }
        return column();
    }

    private Alteration column() {
        reader.accept("COLUMN");
        var column = reader.name();
        if (reader.accept("TYPE")) {
            return new Alteration.ChangeType(column, TypeParser.read(reader));
        }
        if (!reader.accept("ENCODE")) {
            throw SqlFailure.unsupported(
                    "ALTER TABLE … ALTER COLUMN … " + reader.take().keyword());
        }
        var encodings = new ArrayList<Alteration.ColumnEncoding>();
        encodings.add(new Alteration.ColumnEncoding(column, ColumnParser.encoding(reader)));
        while (reader.accept(",")) {
            reader.expect("ALTER");
            reader.accept("COLUMN");
            var next = reader.name();
            reader.expect("ENCODE");
            encodings.add(new Alteration.ColumnEncoding(next, ColumnParser.encoding(reader)));
        }
        return new Alteration.Encode(encodings);
    }
}

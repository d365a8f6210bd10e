package io.beamline.worker.block.sql;

import java.sql.Array;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Types;
import java.time.OffsetDateTime;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/** Chooses how the values of a column are read: the table of types in contract section 4. Pure. */
final class ColumnReaders {

  private ColumnReaders() {}

  /**
   * Returns the reader of a column.
   *
   * @param type as {@link #typeName} returns it
   */
  static ColumnReader of(Dialect dialect, ResultSetMetaData columns, int column, String type)
      throws SQLException {
    return switch (dialect) {
      case POSTGRESQL -> postgres(columns.getColumnType(column) == Types.ARRAY, type);
      case MARIADB -> mariaDb(columns, column, type);
      case H2, OTHER -> standard(columns.getColumnType(column), type);
    };
  }

  /** Returns the database's name of a column's type, in lower case. */
  static String typeName(Dialect dialect, ResultSetMetaData columns, int column)
      throws SQLException {
    String name = columns.getColumnTypeName(column).toLowerCase(Locale.ROOT);
    if (dialect != Dialect.POSTGRESQL) {
      return name;
    }
    // The driver has names of its own for columns that number themselves.
    return switch (name) {
      case "smallserial" -> "int2";
      case "serial" -> "int4";
      case "bigserial" -> "int8";
      default -> name;
    };
  }

  private static ColumnReader postgres(boolean array, String type) {
    if (!array) {
      return ColumnReader.ofText(postgresKind(type));
    }
    // A type of another schema is "schema"."_type".
    String last = type.substring(type.lastIndexOf('.') + 1).replace("\"", "");
    ValueKind element = postgresKind(last.startsWith("_") ? last.substring(1) : last);
    return (json, rows, column) -> {
      String text = rows.getString(column);
      if (text == null) {
        json.writeNull();
      } else {
        PostgresArrays.write(json, text, element);
      }
    };
  }

  private static ValueKind postgresKind(String type) {
    return switch (type) {
      case "int2", "int4", "int8", "oid", "numeric", "float4", "float8" -> ValueKind.NUMBER;
      case "bool" -> ValueKind.BOOLEAN;
      case "json", "jsonb" -> ValueKind.JSON;
      case "bytea" -> ValueKind.HEX;
      case "timestamptz" -> ValueKind.INSTANT;
      case "timestamp", "date" -> ValueKind.LOCAL_TIME;
      case "timetz" -> ValueKind.TIME_WITH_ZONE;
      default -> ValueKind.TEXT;
    };
  }

  private static ColumnReader mariaDb(ResultSetMetaData columns, int column, String type)
      throws SQLException {
    return switch (type.replace(" unsigned", "").replace(" zerofill", "")) {
      case "tinyint",
          "smallint",
          "mediumint",
          "int",
          "integer",
          "bigint",
          "decimal",
          "float",
          "double",
          "year" ->
          ColumnReader.ofText(ValueKind.NUMBER);
      case "json" -> ColumnReader.ofText(ValueKind.JSON);
      case "timestamp" -> ColumnReader.ofText(ValueKind.INSTANT);
      case "datetime", "date" -> ColumnReader.ofText(ValueKind.LOCAL_TIME);
      case "bit" -> bits(columns.getPrecision(column));
      case "tinyblob", "blob", "mediumblob", "longblob", "binary", "varbinary", "geometry" ->
          ColumnReader.ofBytes();
      default -> standard(columns.getColumnType(column), type);
    };
  }

  /** MariaDB's bits come as bytes. */
  private static ColumnReader bits(int digits) {
    return (json, rows, column) -> {
      byte[] bytes = rows.getBytes(column);
      if (bytes == null) {
        json.writeNull();
        return;
      }
      StringBuilder text = new StringBuilder();
      for (byte b : bytes) {
        text.append(Integer.toBinaryString((b & 0xFF) | 0x100).substring(1));
      }
      int start = Math.max(0, text.length() - digits);
      json.writeString(text.substring(start));
    };
  }

  private static ColumnReader standard(int type, String name) {
    if (name.equals("json")) {
      return ColumnReader.ofText(ValueKind.JSON);
    }
    if (name.equals("uuid")) {
      return ColumnReader.ofText(ValueKind.TEXT);
    }
    return switch (type) {
      case Types.TINYINT,
          Types.SMALLINT,
          Types.INTEGER,
          Types.BIGINT,
          Types.NUMERIC,
          Types.DECIMAL,
          Types.REAL,
          Types.FLOAT,
          Types.DOUBLE ->
          ColumnReader.ofText(ValueKind.NUMBER);
      case Types.BOOLEAN, Types.BIT -> ColumnReader.ofText(ValueKind.BOOLEAN);
      case Types.BINARY, Types.VARBINARY, Types.LONGVARBINARY, Types.BLOB -> ColumnReader.ofBytes();
      case Types.TIMESTAMP_WITH_TIMEZONE -> ColumnReader.ofText(ValueKind.INSTANT);
      case Types.TIMESTAMP, Types.DATE -> ColumnReader.ofText(ValueKind.LOCAL_TIME);
      case Types.TIME_WITH_TIMEZONE -> ColumnReader.ofText(ValueKind.TIME_WITH_ZONE);
      case Types.ARRAY -> ColumnReaders::array;
      default -> ColumnReader.ofText(name.equals("decfloat") ? ValueKind.NUMBER : ValueKind.TEXT);
    };
  }

  private static void array(JsonGenerator json, ResultSet rows, int column) throws SQLException {
    @Nullable Array array = rows.getArray(column);
    element(json, array == null ? null : array.getArray());
  }

  /** Writes an element as the driver has it. */
  private static void element(JsonGenerator json, @Nullable Object value) throws SQLException {
    switch (value) {
      case null -> json.writeNull();
      case Object[] elements -> {
        json.writeStartArray();
        for (Object each : elements) {
          element(json, each);
        }
        json.writeEndArray();
      }
      case Array nested -> element(json, nested.getArray());
      case Number number -> ValueKind.NUMBER.write(json, number.toString());
      case Boolean flag -> json.writeBoolean(flag);
      case byte[] bytes -> json.writeBinary(bytes);
      case OffsetDateTime moment -> json.writeString(moment.toInstant().toString());
      default -> SqlJson.text(json, String.valueOf(value));
    }
  }
}

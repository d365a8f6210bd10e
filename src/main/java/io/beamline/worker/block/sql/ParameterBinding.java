package io.beamline.worker.block.sql;

import io.beamline.worker.block.sql.SqlParameter.ArrayParameter;
import io.beamline.worker.block.sql.SqlParameter.BooleanParameter;
import io.beamline.worker.block.sql.SqlParameter.DecimalParameter;
import io.beamline.worker.block.sql.SqlParameter.NullParameter;
import io.beamline.worker.block.sql.SqlParameter.ObjectParameter;
import io.beamline.worker.block.sql.SqlParameter.TextParameter;
import io.beamline.worker.block.sql.SqlParameter.WholeParameter;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.util.List;

/** Binds the values of parameters to a statement (contract section 4). Pure. */
final class ParameterBinding {

  private ParameterBinding() {}

  /**
   * Binds all values. To PostgreSQL, texts go without a type, so that they fit columns of any type;
   * its arrays are such texts.
   */
  static void bind(PreparedStatement statement, List<SqlParameter> parameters, Dialect dialect)
      throws SQLException {
    int number = 1;
    for (SqlParameter parameter : parameters) {
      switch (parameter) {
        case TextParameter(var value) -> statement.setString(number, value);
        case WholeParameter(var value) -> whole(statement, number, value);
        case DecimalParameter(var value) -> statement.setBigDecimal(number, value);
        case BooleanParameter(var value) -> statement.setBoolean(number, value);
        case NullParameter() -> statement.setNull(number, Types.NULL);
        case ObjectParameter(var json) -> statement.setString(number, json.text());
        case ArrayParameter(var json) ->
            statement.setString(
                number, dialect == Dialect.POSTGRESQL ? PostgresArrays.literal(json) : json.text());
      }
      number++;
    }
  }

  /** The smallest type that fits is taken by functions and indexes of wider ones, too. */
  private static void whole(PreparedStatement statement, int number, long value)
      throws SQLException {
    if ((int) value == value) {
      statement.setInt(number, (int) value);
    } else {
      statement.setLong(number, value);
    }
  }
}

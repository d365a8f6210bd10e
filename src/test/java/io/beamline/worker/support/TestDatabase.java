package io.beamline.worker.support;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * A database of a test's own, on a real server. Closing it drops it. Thread-safe.
 *
 * @param url the JDBC URL, without user and password
 * @param port the server's port on the loopback address
 * @param end drops the database
 */
public record TestDatabase(String url, String username, int port, Runnable end)
    implements AutoCloseable {

  /** Runs statements, each by itself. */
  public void execute(String... statements) {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The first value of the first row, as text. */
  public String value(String query) {
    try (Connection connection = connect();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(query)) {
      return rows.next() ? String.valueOf(rows.getString(1)) : "";
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The same database behind another port, such as that of a broken network. */
  public String urlAt(int otherPort) {
    return url.replace(":" + port + "/", ":" + otherPort + "/");
  }

  private Connection connect() throws SQLException {
    return DriverManager.getConnection(url, username, "");
  }

  @Override
  public void close() {
    end.run();
  }
}

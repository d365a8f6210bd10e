package io.beamline.worker.block.sql;

import io.beamline.worker.timeout.TimeSource;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.SQLException;
import java.util.Properties;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.datasource.AbstractDataSource;

/**
 * Makes the connections of a pool, and says at once when that fails: the pool itself would go on
 * trying while its callers wait. Thread-safe.
 */
final class ConnectionSource extends AbstractDataSource {

  /** The driver connects to what is there, or has another reason than the network. */
  private static final String CANNOT_CONNECT = "08001";

  private final Driver driver;
  private final String url;
  private final Properties properties;
  private final Dialect dialect;
  private final boolean readOnly;
  private final TimeSource time;
  private final Consumer<@Nullable ConnectFailure> listener;

  private volatile @Nullable ConnectFailure failure;

  /**
   * Creates a source.
   *
   * @param listener is called after each attempt to connect, with null after a success
   */
  ConnectionSource(
      Driver driver,
      String url,
      Properties properties,
      Dialect dialect,
      boolean readOnly,
      TimeSource time,
      Consumer<@Nullable ConnectFailure> listener) {
    this.driver = driver;
    this.url = url;
    this.properties = properties;
    this.dialect = dialect;
    this.readOnly = readOnly;
    this.time = time;
    this.listener = listener;
  }

  /** Returns why the last attempt failed, or null if it did not. */
  @Nullable ConnectFailure failure() {
    return failure;
  }

  @Override
  public Connection getConnection() throws SQLException {
    try {
      Connection connection = connect();
      failure = null;
      listener.accept(null);
      return connection;
    } catch (SQLException e) {
      throw failed(e);
    } catch (RuntimeException e) {
      throw failed(new SQLException("The driver failed", CANNOT_CONNECT, e));
    }
  }

  /** Not used: there is one login. */
  @Override
  public Connection getConnection(String username, String password) throws SQLException {
    return getConnection();
  }

  /** The driver's own properties say how long it may take to connect. */
  @Override
  public void setLoginTimeout(int seconds) {}

  private Connection connect() throws SQLException {
    Properties own = new Properties();
    own.putAll(properties);
    @Nullable Connection connection = driver.connect(url, own);
    if (connection == null) {
      throw new SQLException("The driver does not know the URL", CANNOT_CONNECT);
    }
    try {
      dialect.prepare(connection, readOnly);
      if (dialect == Dialect.POSTGRESQL && !url.contains("socketTimeout=")) {
        connection.setNetworkTimeout(Runnable::run, 0);
      }
      return connection;
    } catch (SQLException | RuntimeException e) {
      connection.close();
      throw e;
    }
  }

  private SQLException failed(SQLException cause) {
    ConnectFailure now =
        new ConnectFailure(cause.getSQLState(), cause.getErrorCode(), time.nanos());
    failure = now;
    listener.accept(now);
    return cause;
  }
}

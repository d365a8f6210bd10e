package io.beamline.worker.block.sql;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.HikariPoolMXBean;
import io.beamline.worker.config.DatasourceSettings;
import io.beamline.worker.timeout.TimeSource;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * The connections to one database. There are no more callers than connections. The first caller
 * makes the first connection, so the worker starts without the database. Thread-safe.
 *
 * <p>A caller learns at once that the database cannot be reached, and can be interrupted while it
 * waits for a connection, but never after that: an interrupt would harm some drivers.
 */
final class ConnectionPool implements AutoCloseable {

  /** A connection is made within this time, or not at all. */
  static final Duration CONNECT_TIME = Duration.ofSeconds(5);

  /** A connection that does not answer for so long is lost. */
  static final int VALIDATION_SECONDS = 2;

  /** For so long after a failure nobody else tries. */
  private static final Duration FAILURE_TIME = Duration.ofMillis(100);

  private static final Duration CLOSE_TIME = Duration.ofSeconds(2);

  /** The callers that wait for a connection. Guarded by itself. */
  private final Set<Thread> waiting = new HashSet<>();

  private final ConnectionSource source;
  private final HikariDataSource pool;
  private final TimeSource time;

  /**
   * Creates the pool; it connects to nothing yet.
   *
   * @param listener is called after each attempt to connect, with null after a success
   */
  ConnectionPool(
      DatasourceSettings settings,
      Dialect dialect,
      Driver driver,
      TimeSource time,
      Consumer<@Nullable ConnectFailure> listener) {
    this.time = time;
    source =
        new ConnectionSource(
            driver,
            dialect.url(settings),
            dialect.properties(settings),
            dialect,
            settings.readOnly(),
            time,
            failure -> {
              listener.accept(failure);
              if (failure != null) {
                wakeAll();
              }
            });
    pool = new HikariDataSource();
    configure(pool, settings);
    pool.setDataSource(source);
  }

  private static void configure(HikariConfig config, DatasourceSettings settings) {
    config.setPoolName("sql-" + settings.name());
    config.setMaximumPoolSize(settings.maxConnections());
    config.setMinimumIdle(0);
    config.setAutoCommit(false);
    config.setInitializationFailTimeout(-1);
    config.setConnectionTimeout(CONNECT_TIME.toMillis());
    config.setValidationTimeout(Duration.ofSeconds(VALIDATION_SECONDS).toMillis());
    config.setRegisterMbeans(false);
    config.setExceptionOverrideClassName(KeptConnection.class.getName());
    config.setThreadFactory(
        Thread.ofPlatform().daemon().name("sql-pool-" + settings.name() + "-", 1).factory());
  }

  /**
   * Returns a connection; the caller closes it.
   *
   * @throws SQLException if none can be made, or {@link #wake} interrupted the caller
   */
  Connection take() throws SQLException {
    long start = time.nanos();
    ConnectFailure before = source.failure();
    if (before != null && start - before.atNanos() < FAILURE_TIME.toNanos() && idle() == 0) {
      throw before.exception();
    }
    Thread caller = Thread.currentThread();
    synchronized (waiting) {
      waiting.add(caller);
    }
    try {
      return pool.getConnection();
    } catch (SQLException e) {
      ConnectFailure now = source.failure();
      throw now != null && now.atNanos() - start >= 0
          ? now.exception()
          : new SQLException("No connection in time", "08001", e);
    } finally {
      synchronized (waiting) {
        waiting.remove(caller);
      }
      // It was meant for the wait.
      Thread.interrupted();
    }
  }

  /** Interrupts a caller if it waits for a connection. */
  void wake(Thread caller) {
    synchronized (waiting) {
      if (waiting.contains(caller)) {
        caller.interrupt();
      }
    }
  }

  private void wakeAll() {
    synchronized (waiting) {
      waiting.forEach(Thread::interrupt);
    }
  }

  /** Takes a connection out of the pool and closes it. Returns at once. */
  void evict(Connection connection) {
    pool.evictConnection(connection);
  }

  /** Returns the number of connections that are in use. */
  int active() {
    return count(HikariPoolMXBean::getActiveConnections);
  }

  /** Returns the number of connections that are not in use. */
  int idle() {
    return count(HikariPoolMXBean::getIdleConnections);
  }

  private int count(ToIntFunction<HikariPoolMXBean> value) {
    @Nullable HikariPoolMXBean bean = pool.getHikariPoolMXBean();
    return bean == null ? 0 : value.applyAsInt(bean);
  }

  /** Closes all connections; waits a bounded time for those of a server that hangs. */
  @Override
  public void close() {
    Thread closing = Thread.ofPlatform().daemon().name("sql-pool-close").start(pool::close);
    try {
      closing.join(CLOSE_TIME);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}

package io.beamline.worker.block.sql;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.NANOSECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;

import io.beamline.worker.block.StepFailure;
import io.beamline.worker.config.DatasourceSettings;
import io.beamline.worker.contract.ErrorCode;
import io.beamline.worker.contract.StepError;
import io.beamline.worker.observability.logging.LogThrottle;
import io.beamline.worker.timeout.TimeSource;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs statements on threads of its own, at most as many as it has connections, so that a server or
 * a network that hangs blocks one of these and not a slot. The attempt waits with a limit. When it
 * stops waiting, the statement is cancelled on the server, and soon after that its connection is
 * ended, which ends the thread. The threads are daemons and end when they are idle. Thread-safe.
 */
final class Database implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(Database.class);

  /**
   * How long an attempt waits after its limit for a statement that commits. It is shorter than the
   * grace of {@code DeadlineWatch}, which would cut the attempt meanwhile.
   */
  private static final long COMMIT_GRACE_MS = 30;

  /** How long after its cancellation a statement's connection is ended. */
  private static final long CANCEL_GRACE_MS = 400;

  private static final long IDLE_SECONDS = 30;

  private final DatasourceSettings settings;
  private final Dialect dialect;
  private final TimeSource time;
  private final LogThrottle throttle;
  private final ConnectionPool pool;
  private final ThreadPoolExecutor statements;

  /** A cancellation and an end of a connection may hang as well, so each has a thread. */
  private final ThreadPoolExecutor enders;

  private final ScheduledExecutorService timer;
  private final AtomicInteger stuck = new AtomicInteger();
  private volatile @Nullable Boolean reachable;
  private volatile @Nullable String lastError;

  /**
   * Creates the threads and the pool; nothing starts before the first statement.
   *
   * @param timer runs short tasks
   */
  Database(
      DatasourceSettings settings,
      Dialect dialect,
      Driver driver,
      ScheduledExecutorService timer,
      TimeSource time,
      LogThrottle throttle) {
    this.settings = settings;
    this.dialect = dialect;
    this.time = time;
    this.throttle = throttle;
    this.timer = timer;
    pool = new ConnectionPool(settings, dialect, driver, time, this::tried);
    statements = threads("sql-" + settings.name() + "-", settings.maxConnections());
    enders = threads("sql-end-" + settings.name() + "-", 2 * settings.maxConnections());
  }

  private static ThreadPoolExecutor threads(String name, int most) {
    ThreadPoolExecutor executor =
        new ThreadPoolExecutor(
            most,
            most,
            IDLE_SECONDS,
            SECONDS,
            new LinkedBlockingQueue<>(),
            Thread.ofPlatform().daemon().name(name, 1).factory());
    executor.allowCoreThreadTimeOut(true);
    return executor;
  }

  /** Returns its name in the settings. */
  String name() {
    return settings.name();
  }

  Dialect dialect() {
    return dialect;
  }

  /** Returns whether steps may only read. */
  boolean readOnly() {
    return settings.readOnly();
  }

  /** Returns whether the database itself refuses writes of statements that are to read only. */
  boolean enforcesReadOnly() {
    return dialect.enforcesReadOnly(settings);
  }

  /** Returns the number of its threads, which is that of its connections. */
  int threads() {
    return settings.maxConnections();
  }

  /** Returns the number of threads that still work although nobody waits, 0 to {@link #threads}. */
  int stuckThreads() {
    return Math.clamp(stuck.get(), 0, threads());
  }

  /** Returns the number of attempts that wait for a thread. */
  int waiting() {
    return statements.getQueue().size();
  }

  /** Returns the number of connections in use. */
  int active() {
    return pool.active();
  }

  /** Returns the number of open connections that are not in use. */
  int idle() {
    return pool.idle();
  }

  /** Returns what an operator may know, in the order of the contract (section 9). */
  Map<String, Object> describe() {
    Map<String, Object> facts = new LinkedHashMap<>();
    Boolean known = reachable;
    if (known != null) {
      facts.put("reachable", known);
    }
    String error = lastError;
    if (error != null) {
      facts.put("last_error", error);
    }
    facts.put("active", active());
    facts.put("idle", idle());
    facts.put("waiting", waiting());
    facts.put("stuck", stuckThreads());
    return facts;
  }

  /**
   * Runs a statement and waits until it ends, its limit passes, or the caller is interrupted.
   *
   * @throws StepFailure what the statement failed with, or that its limit passed
   * @throws InterruptedException if the calling thread was interrupted; the statement is abandoned
   */
  QueryResult run(SqlTimeLimit limit, ConnectionWork work)
      throws StepFailure, InterruptedException {
    SqlTask task = new SqlTask(pool, work, stuck);
    FutureTask<QueryResult> future = new FutureTask<>(task);
    try {
      statements.execute(future);
      QueryResult result = future.get(limit.time().toNanos(), NANOSECONDS);
      if (!Boolean.TRUE.equals(reachable)) {
        tried(null);
      }
      return result;
    } catch (TimeoutException e) {
      return afterTimeout(limit, task, future);
    } catch (InterruptedException e) {
      abandon(task, future);
      throw e;
    } catch (ExecutionException e) {
      throw failure(e, task);
    } catch (CancellationException | RejectedExecutionException e) {
      throw closed();
    }
  }

  /**
   * Connects on the calling thread, for at most 7 s.
   *
   * @return null if that succeeds, else a sentence that says why not, without the database's text
   */
  @Nullable String connectFault() {
    try (Connection connection = pool.take()) {
      return connection.isValid(ConnectionPool.VALIDATION_SECONDS)
          ? null
          : "The connection does not answer";
    } catch (SQLException e) {
      StepError error = SqlFailures.ofConnection(e, dialect, name()).error();
      Object state = error.details().get("sql_state");
      return error.message() + (state == null ? "" : " (SQLState " + state + ")");
    } catch (RuntimeException e) {
      return "The driver fails with " + e.getClass().getName();
    }
  }

  private QueryResult afterTimeout(SqlTimeLimit limit, SqlTask task, FutureTask<QueryResult> future)
      throws StepFailure, InterruptedException {
    SqlTask.Stage stage = task.stage();
    if (task.abandon()) {
      end(task, future);
      throw limit.exceeded(stage, name(), time.nanos());
    }
    try {
      return future.get(COMMIT_GRACE_MS, MILLISECONDS);
    } catch (TimeoutException e) {
      abandon(task, future);
      throw limit.exceeded(stage, name(), time.nanos());
    } catch (InterruptedException e) {
      abandon(task, future);
      throw e;
    } catch (ExecutionException e) {
      throw failure(e, task);
    }
  }

  private void abandon(SqlTask task, FutureTask<QueryResult> future) {
    if (task.abandonClaimed()) {
      end(task, future);
    }
  }

  /** Has the server and the thread end an abandoned statement; waits for neither. */
  private void end(SqlTask task, FutureTask<QueryResult> future) {
    if (statements.remove(future)) {
      return;
    }
    try {
      enders.execute(task::cancel);
      Future<?> unused =
          timer.schedule(() -> enders.execute(task::abort), CANCEL_GRACE_MS, MILLISECONDS);
    } catch (RejectedExecutionException e) {
      // The worker ends, and its connections with it.
    }
  }

  private StepFailure failure(ExecutionException thrown, SqlTask task) {
    return switch (thrown.getCause()) {
      case StepFailure failure -> failure;
      case SQLException error when task.connectionSurvived() ->
          SqlFailures.ofStatement(error, dialect, name());
      case SQLException error -> {
        if (SqlFailures.isOfConnection(error)) {
          tried(new ConnectFailure(error.getSQLState(), error.getErrorCode(), time.nanos()));
        }
        yield SqlFailures.ofConnection(error, dialect, name());
      }
      case RuntimeException defect -> throw defect;
      case Error error -> throw error;
      case null, default -> throw new IllegalStateException(thrown.getCause());
    };
  }

  private StepFailure closed() {
    return StepFailure.of(
        ErrorCode.RESOURCE_UNAVAILABLE, "The worker ends", Map.of("datasource", name()));
  }

  /** Notes whether the database can be reached. Called by threads of the pool and of attempts. */
  private void tried(@Nullable ConnectFailure failure) {
    Boolean before = reachable;
    reachable = failure == null;
    if (failure != null) {
      String state = SqlFailures.state(failure.sqlState());
      lastError = state == null ? "unknown" : state;
    }
    if (failure != null && !Boolean.FALSE.equals(before)) {
      throttle.log(
          log.atWarn().addKeyValue("datasource", name()).addKeyValue("sql_state", lastError),
          "Datasource cannot be reached");
    } else if (failure == null && Boolean.FALSE.equals(before)) {
      throttle.log(
          log.atInfo().addKeyValue("datasource", name()), "Datasource can be reached again");
    }
  }

  /** Ends the threads and the connections; waits a bounded time. */
  @Override
  public void close() {
    statements.shutdownNow();
    enders.shutdown();
    pool.close();
  }
}

package io.beamline.worker.block.sql;

import io.beamline.worker.block.StepFailure;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * One statement that an attempt's thread and a thread of the database share. The attempt may stop
 * waiting at any time. Thread-safe: each change of the stage is made under the task's lock, so that
 * exactly one of the two decides how the statement ends.
 */
final class SqlTask implements Callable<QueryResult> {

  /** How far a statement has come. */
  enum Stage {
    QUEUED,
    CONNECTING,
    RUNNING,
    /** Its changes become visible. */
    COMMITTING,
    ENDED
  }

  private final ConnectionPool pool;
  private final ConnectionWork work;
  private final AtomicInteger stuckThreads;

  private Stage stage = Stage.QUEUED;
  private boolean abandoned;

  /** Written by the thread of the database before the attempt's thread learns how it ended. */
  private volatile boolean survived;

  private @Nullable Thread thread;
  private @Nullable Connection connection;
  private @Nullable Statement statement;

  /**
   * Creates a task.
   *
   * @param stuckThreads counts the threads that still work although nobody waits
   */
  SqlTask(ConnectionPool pool, ConnectionWork work, AtomicInteger stuckThreads) {
    this.pool = pool;
    this.work = work;
    this.stuckThreads = stuckThreads;
  }

  @Override
  public QueryResult call() throws Exception {
    begin();
    try {
      Connection taken = pool.take();
      boolean reusable = false;
      try {
        connected(taken);
        QueryResult result = work.run(taken, this);
        reusable = work.leavesConnectionClean();
        return result;
      } catch (AbandonedStatementException e) {
        throw e;
      } catch (SQLException e) {
        // Some drivers roll back without asking the server, if they think that nothing was begun.
        survived = isRolledBack(taken) && isAnswering(taken);
        reusable = survived && work.leavesConnectionClean();
        throw e;
      } catch (RuntimeException | StepFailure e) {
        survived = isRolledBack(taken);
        reusable = survived && work.leavesConnectionClean();
        throw e;
      } finally {
        release(taken, reusable);
      }
    } finally {
      end();
    }
  }

  /**
   * Shows the statement that is about to run, so that it can be cancelled.
   *
   * @throws AbandonedStatementException if nobody waits any more
   */
  synchronized void shows(Statement prepared) throws AbandonedStatementException {
    checkpoint();
    statement = prepared;
  }

  /**
   * Goes on only if somebody waits.
   *
   * @throws AbandonedStatementException if nobody does
   */
  synchronized void checkpoint() throws AbandonedStatementException {
    if (abandoned) {
      throw new AbandonedStatementException();
    }
  }

  /**
   * Claims the end of the statement before it commits.
   *
   * @throws AbandonedStatementException if nobody waits any more: nothing may be committed
   */
  synchronized void claim() throws AbandonedStatementException {
    checkpoint();
    stage = Stage.COMMITTING;
  }

  /** Returns whether the statement failed, and its connection answered after that. */
  boolean connectionSurvived() {
    return survived;
  }

  /** Returns how far the statement has come. */
  synchronized Stage stage() {
    return stage;
  }

  /**
   * Stops waiting, unless the statement commits or has ended.
   *
   * @return false if it commits or has ended
   */
  synchronized boolean abandon() {
    return stage != Stage.COMMITTING && abandonClaimed();
  }

  /**
   * Stops waiting for a statement, also if it commits.
   *
   * @return false if it has ended
   */
  synchronized boolean abandonClaimed() {
    if (stage == Stage.ENDED) {
      return false;
    }
    if (!abandoned) {
      abandoned = true;
      if (thread != null) {
        stuckThreads.incrementAndGet();
        if (stage == Stage.CONNECTING) {
          pool.wake(thread);
        }
      }
    }
    return true;
  }

  /** Asks the server to cancel an abandoned statement. May take as long as the network wants. */
  void cancel() {
    Statement running;
    synchronized (this) {
      running = stage == Stage.ENDED ? null : statement;
    }
    if (running != null) {
      try {
        running.cancel();
      } catch (SQLException | RuntimeException e) {
        // The connection is ended next.
      }
    }
  }

  /** Ends the connection of an abandoned statement that has not ended. May take a while, too. */
  void abort() {
    Connection open;
    synchronized (this) {
      open = stage == Stage.ENDED ? null : connection;
    }
    if (open != null) {
      try {
        open.abort(Runnable::run);
      } catch (SQLException | RuntimeException e) {
        // It is taken out of the pool all the same.
      }
      pool.evict(open);
    }
  }

  private synchronized void begin() throws AbandonedStatementException {
    checkpoint();
    stage = Stage.CONNECTING;
    thread = Thread.currentThread();
  }

  private synchronized void connected(Connection taken) throws AbandonedStatementException {
    checkpoint();
    stage = Stage.RUNNING;
    connection = taken;
  }

  private synchronized boolean isAbandoned() {
    return abandoned;
  }

  private static boolean isRolledBack(Connection open) {
    try {
      open.rollback();
      return true;
    } catch (SQLException | RuntimeException e) {
      return false;
    }
  }

  private static boolean isAnswering(Connection open) {
    try {
      return open.isValid(ConnectionPool.VALIDATION_SECONDS);
    } catch (SQLException | RuntimeException e) {
      return false;
    }
  }

  private boolean isReset(Connection open) {
    try {
      work.reset(open);
      return true;
    } catch (SQLException | RuntimeException e) {
      return false;
    }
  }

  /**
   * A connection whose statement was abandoned while it ran is never used again: its cancellation
   * may arrive late, and would hit the next statement.
   */
  private void release(Connection taken, boolean reusable) {
    boolean untouched = stage() == Stage.CONNECTING;
    if (!untouched && !(reusable && isReset(taken) && !isAbandoned())) {
      pool.evict(taken);
    }
    try {
      taken.close();
    } catch (SQLException | RuntimeException e) {
      pool.evict(taken);
    }
  }

  private synchronized void end() {
    stage = Stage.ENDED;
    connection = null;
    statement = null;
    if (abandoned) {
      stuckThreads.decrementAndGet();
    }
  }
}

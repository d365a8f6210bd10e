package io.beamline.worker.training;

import io.beamline.worker.contract.RawJson;
import io.beamline.worker.contract.json.JsonFields;
import io.nats.client.Connection;
import io.nats.client.Dispatcher;
import io.nats.client.Message;
import io.nats.client.Nats;
import io.nats.client.Options;
import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Assigns steps to the worker, and waits for their results. Used by one thread. */
final class TrainingRouter implements AutoCloseable {

  private static final String ASSIGN = "caf.exec.assign.v1";
  private static final String RESULT = "caf.exec.result.v1";
  private static final Duration SERVER_PATIENCE = Duration.ofSeconds(30);

  /** How many steps are under way at most: half of what a queue under queue management takes. */
  private static final int AT_ONCE = 500;

  /** A loaded machine may need long for a step, but not for the next one of thousands. */
  private static final Duration RESULT_PATIENCE = Duration.ofMinutes(2);

  private final Connection connection;
  private final BlockingQueue<Message> results = new LinkedBlockingQueue<>();

  private TrainingRouter(Connection connection) {
    this.connection = connection;
  }

  /**
   * Connects to a server, once it listens.
   *
   * @throws TrainingException if the server ends, or does not listen within 5 minutes
   */
  static TrainingRouter connect(TrainingProcess server, String url)
      throws TrainingException, InterruptedException {
    Options options = Options.builder().server(url).noReconnect().build();
    for (int looks = 0; ; looks++) {
      server.pause(looks);
      try {
        TrainingRouter router = new TrainingRouter(Nats.connect(options));
        router.subscribe();
        return router;
      } catch (IOException e) {
        // It does not listen yet.
      }
    }
  }

  private void subscribe() throws TrainingException, InterruptedException {
    Dispatcher dispatcher = connection.createDispatcher(results::add);
    dispatcher.subscribe(RESULT);
    flush();
  }

  /**
   * Has the worker run steps, many at once.
   *
   * @throws TrainingException if one does not succeed, or no result comes for two minutes
   */
  void run(List<TrainingStep> steps) throws TrainingException, InterruptedException {
    Set<String> open = new HashSet<>();
    for (TrainingStep step : steps) {
      while (open.size() == AT_ONCE) {
        takeResult(open);
      }
      String id = UUID.randomUUID().toString();
      open.add(id);
      connection.publish(ASSIGN, step.assignment(id));
    }
    flush();
    while (!open.isEmpty()) {
      takeResult(open);
    }
  }

  private void takeResult(Set<String> open) throws TrainingException, InterruptedException {
    Message result = results.poll(RESULT_PATIENCE.toSeconds(), TimeUnit.SECONDS);
    if (result == null) {
      throw new TrainingException("of %d steps under way none has a result".formatted(open.size()));
    }
    RawJson json = new RawJson(result.getData());
    if (!"success".equals(JsonFields.text(json, "status"))) {
      throw new TrainingException("a step of the training failed: " + json.text());
    }
    open.remove(JsonFields.text(json, "assignment_id"));
  }

  private void flush() throws TrainingException, InterruptedException {
    try {
      connection.flush(SERVER_PATIENCE);
    } catch (TimeoutException e) {
      throw new TrainingException("the NATS server does not answer");
    }
  }

  @Override
  public void close() {
    try {
      connection.close();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}

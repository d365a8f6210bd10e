package io.beamline.worker.bench.floor;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import io.nats.client.Connection;
import io.nats.client.ConsumeOptions;
import io.nats.client.MessageConsumer;
import io.nats.client.Nats;
import io.nats.client.Options;
import java.net.URI;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.slf4j.LoggerFactory;
import org.springframework.web.reactive.function.client.WebClient;

/**
 * Runs a floor until it is killed. Arguments: the server's URL, the stream of assignments, the
 * durable consumer, how much work may be under way, then {@code echo}, {@code http URL}, {@code put
 * FOLDER} or {@code get FOLDER FILES}.
 */
public final class FloorApplication {

  /** As the worker asks for. */
  private static final int BATCH = 500;

  private static final int OUTGOING_QUEUE = 100_000;

  private FloorApplication() {}

  /** Starts it. */
  public static void main(String[] arguments) throws Exception {
    ((Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME)).setLevel(Level.WARN);
    Options options =
        Options.builder().server(arguments[0]).maxMessagesInOutgoingQueue(OUTGOING_QUEUE).build();
    int atOnce = Integer.parseInt(arguments[3]);
    try (Connection connection = Nats.connect(options);
        ExecutorService threads = Executors.newFixedThreadPool(atOnce);
        MessageConsumer consumer =
            connection
                .getStreamContext(arguments[1])
                .getConsumerContext(arguments[2])
                .consume(
                    ConsumeOptions.builder().batchSize(BATCH).thresholdPercent(50).build(),
                    new Floor(connection.jetStream(), work(arguments, threads), atOnce))) {
      System.out.println("Consuming with " + consumer.getConsumerName());
      new CountDownLatch(1).await();
    }
  }

  private static Work work(String[] arguments, ExecutorService threads) {
    return switch (arguments[4]) {
      case "echo" -> Work.ECHO;
      case "http" -> new HttpWork(WebClient.create(), URI.create(arguments[5]));
      case "put" -> FileWork.write(threads, Path.of(arguments[5]));
      case "get" -> FileWork.read(threads, Path.of(arguments[5]), Integer.parseInt(arguments[6]));
      default -> throw new IllegalArgumentException(arguments[4]);
    };
  }
}

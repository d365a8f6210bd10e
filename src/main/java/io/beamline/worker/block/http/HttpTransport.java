package io.beamline.worker.block.http;

import io.beamline.worker.timeout.TimeSource;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.handler.ssl.SslContext;
import java.time.Duration;
import java.util.function.Consumer;
import org.springframework.web.reactive.function.client.WebClient;
import reactor.netty.Connection;
import reactor.netty.NettyPipeline;
import reactor.netty.ReactorNetty;
import reactor.netty.http.client.HttpClient;
import reactor.netty.resources.ConnectionProvider;
import reactor.netty.resources.ConnectionProvider.ConnectionMetadata;
import reactor.netty.resources.LoopResources;
import reactor.netty.tcp.SslProvider;
import reactor.util.context.ContextView;

/**
 * The connections of the block: one pool, its threads, and the client over them. It has no timeouts
 * of its own, so that one pool serves every setting: each request carries its {@link Attempt} in
 * its context, learns from the client how far it got, and is cut by its caller. Thread-safe.
 */
final class HttpTransport implements AutoCloseable {

  /** To one host; more than the largest pool of steps has threads. */
  private static final int MAX_CONNECTIONS = 1_024;

  private static final int MAX_HEADER_BYTES = 64 * 1024;
  private static final int LEAST_THREADS = 4;

  /** The longest deadline of a step. Callers cut earlier; systems give up a connect after 2 min. */
  private static final Duration LONGEST_CONNECT = Duration.ofHours(1);

  private static final Duration MAX_IDLE = Duration.ofSeconds(20);

  /** How long a host without connections is remembered. */
  private static final Duration FORGET_HOST = Duration.ofMinutes(2);

  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(2);

  private final TimeSource time;
  private final ConnectionProvider connections;

  private final LoopResources threads =
      LoopResources.create(
          "beamline-http",
          Math.max(LEAST_THREADS, Runtime.getRuntime().availableProcessors()),
          true);

  private final GuardedResolverGroup resolvers;
  private final WebClient client;

  /**
   * Opens no connection yet.
   *
   * @param names finds the addresses of hosts; the caller closes it, after this
   * @param rules where requests may go
   * @param tls whom to trust
   * @param time the clock of limits that the transport itself keeps
   */
  HttpTransport(NameLookup names, DestinationRules rules, SslContext tls, TimeSource time) {
    this(names, rules, tls, time, FORGET_HOST);
  }

  /** As above, with another time for which a host without connections is remembered. */
  HttpTransport(
      NameLookup names,
      DestinationRules rules,
      SslContext tls,
      TimeSource time,
      Duration forgetHost) {
    this.time = time;
    connections =
        ConnectionProvider.builder("beamline-http")
            .maxConnections(MAX_CONNECTIONS)
            .pendingAcquireMaxCount(-1)
            .pendingAcquireTimeout(Duration.ZERO)
            .evictionPredicate(HttpTransport::isSpent)
            .evictInBackground(MAX_IDLE)
            .disposeInactivePoolsInBackground(forgetHost.dividedBy(2), forgetHost)
            .lifo()
            .build();
    resolvers = new GuardedResolverGroup(names, rules);
    client = WebClient.builder().clientConnector(new AuthorityConnector(http(), tls(tls))).build();
  }

  /** The client; a request without an {@link Attempt} in its context works too. */
  WebClient client() {
    return client;
  }

  /** Whether {@link #close} has ended it. */
  boolean isClosed() {
    return connections.isDisposed() && threads.isDisposed();
  }

  /** Closes every connection and ends the threads, within a few seconds. */
  @Override
  public void close() {
    connections.disposeLater().block(CLOSE_TIMEOUT);
    resolvers.close();
    threads.disposeLater(Duration.ZERO, CLOSE_TIMEOUT).block(CLOSE_TIMEOUT.multipliedBy(2));
  }

  private static SslProvider tls(SslContext trust) {
    return SslProvider.builder().sslContext(trust).handshakeTimeout(LONGEST_CONNECT).build();
  }

  private HttpClient http() {
    return HttpClient.create(connections)
        .runOn(threads, false)
        .resolver(resolvers)
        .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int) LONGEST_CONNECT.toMillis())
        .disableRetry(true)
        .followRedirect(false)
        .compress(false)
        .doOnChannelInit(
            (observer, channel, remote) ->
                channel
                    .pipeline()
                    .replace(
                        NettyPipeline.HttpCodec,
                        NettyPipeline.HttpCodec,
                        new GuardedHttpCodec(MAX_HEADER_BYTES, time)))
        .doOnResolve(connection -> follow(connection.channel()))
        .doOnRequest((request, connection) -> enter(request.currentContextView(), Phase.SENDING))
        .doAfterRequest(
            (request, connection) -> enter(request.currentContextView(), Phase.RECEIVING));
  }

  /** Whether a connection that the pool has must be closed, not lent. */
  private static boolean isSpent(Connection connection, ConnectionMetadata metadata) {
    Channel channel = connection.channel();
    GuardedHttpCodec codec = channel.pipeline().get(GuardedHttpCodec.class);
    return !channel.isActive()
        || !connection.isPersistent()
        || metadata.idleTime() >= MAX_IDLE.toMillis()
        || (codec != null && codec.holdsBack());
  }

  /** A new connection knows by its context which request it is opened for. */
  private static void follow(Channel channel) {
    channel.pipeline().addFirst(new TransferMonitor());
    ContextView context = ReactorNetty.getChannelContext(channel);
    if (context != null) {
      tell(context, attempt -> attempt.opens(channel));
      channel
          .pipeline()
          .addFirst(
              new ChannelInboundHandlerAdapter() {
                @Override
                public void channelActive(ChannelHandlerContext handler) {
                  enter(context, Phase.HANDSHAKING);
                  handler.fireChannelActive();
                  handler.pipeline().remove(this);
                }
              });
    }
  }

  private static void enter(ContextView context, Phase phase) {
    tell(context, attempt -> attempt.enter(phase));
  }

  private static void tell(ContextView context, Consumer<Attempt> message) {
    context.<Attempt>getOrEmpty(Attempt.class).ifPresent(message);
  }
}

package io.beamline.worker.block.http;

import io.beamline.worker.timeout.TimeSource;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.ssl.SslContext;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
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
 * The connection pool of the block, its threads, and the client that uses them. Timeouts are
 * enforced by the caller, so one pool serves all settings. Each request carries its {@link
 * RequestProgress} in its context, which the client updates. Thread-safe.
 */
final class HttpTransport implements AutoCloseable {

  /** Per host; more than the largest pool of steps has threads. */
  private static final int MAX_CONNECTIONS = 1_024;

  private static final int MAX_HEADER_BYTES = 64 * 1024;
  private static final int MIN_THREADS = 4;

  /**
   * The longest deadline of a step. Callers cancel earlier, and systems abort a connect after 2
   * min.
   */
  private static final Duration MAX_CONNECT = Duration.ofHours(1);

  private static final Duration MAX_IDLE = Duration.ofSeconds(20);

  /** How long the pool keeps a host without connections. */
  private static final Duration HOST_IDLE_TIMEOUT = Duration.ofMinutes(2);

  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(2);

  private final TimeSource time;
  private final NameLookup names;
  private final @Nullable HttpProxy proxy;
  private final ConnectionProvider connections;

  private final LoopResources threads =
      LoopResources.create(
          "beamline-http", Math.max(MIN_THREADS, Runtime.getRuntime().availableProcessors()), true);

  private final GuardedResolverGroup resolvers;
  private final AuthorityConnector connector;
  private final WebClient client;

  /**
   * Creates a transport without connections.
   *
   * @param names resolves hosts; the caller closes it after this transport
   * @param rules where requests may go
   * @param tls the trusted certificates, and the worker's own
   * @param proxy the proxy; null for none
   * @param time the clock for holding back connections
   */
  HttpTransport(
      NameLookup names,
      DestinationRules rules,
      SslContext tls,
      @Nullable HttpProxy proxy,
      TimeSource time) {
    this(names, rules, tls, proxy, time, HOST_IDLE_TIMEOUT);
  }

  /** As above, with another time for which the pool keeps a host without connections. */
  HttpTransport(
      NameLookup names,
      DestinationRules rules,
      SslContext tls,
      @Nullable HttpProxy proxy,
      TimeSource time,
      Duration hostIdleTimeout) {
    this.time = time;
    this.names = names;
    this.proxy = proxy;
    connections =
        ConnectionProvider.builder("beamline-http")
            .maxConnections(MAX_CONNECTIONS)
            .pendingAcquireMaxCount(-1)
            .pendingAcquireTimeout(Duration.ZERO)
            .evictionPredicate(HttpTransport::mustClose)
            .evictInBackground(MAX_IDLE)
            .disposeInactivePoolsInBackground(hostIdleTimeout.dividedBy(2), hostIdleTimeout)
            .lifo()
            .build();
    resolvers = new GuardedResolverGroup(names, rules);
    connector = new AuthorityConnector(http(), tls(tls));
    client = WebClient.builder().clientConnector(connector).build();
  }

  /** Uses other certificates for every request from now on, which opens connections of its own. */
  void renew(SslContext tls) {
    connector.renew(tls(tls));
  }

  /** Returns the client. A request may lack a {@link RequestProgress} in its context. */
  WebClient client() {
    return client;
  }

  /** Returns whether {@link #close} has completed. */
  boolean isClosed() {
    return connections.isDisposed() && threads.isDisposed();
  }

  /** Closes every connection and stops the threads. Takes a few seconds at most. */
  @Override
  public void close() {
    connections.disposeLater().block(CLOSE_TIMEOUT);
    resolvers.close();
    threads.disposeLater(Duration.ZERO, CLOSE_TIMEOUT).block(CLOSE_TIMEOUT.multipliedBy(2));
  }

  private static SslProvider tls(SslContext trust) {
    return SslProvider.builder().sslContext(trust).handshakeTimeout(MAX_CONNECT).build();
  }

  private HttpClient http() {
    return HttpClient.create(connections)
        .runOn(threads, false)
        .resolver(resolvers)
        .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int) MAX_CONNECT.toMillis())
        .disableRetry(true)
        .followRedirect(false)
        .compress(false)
        .doOnChannelInit((observer, channel, remote) -> prepare(channel, remote))
        .doOnResolve(connection -> track(connection.channel()))
        .doOnRequest((request, connection) -> enter(request.currentContextView(), Phase.SENDING))
        .doAfterRequest(
            (request, connection) -> enter(request.currentContextView(), Phase.RECEIVING));
  }

  private void prepare(Channel channel, @Nullable SocketAddress remote) {
    ChannelPipeline pipeline = channel.pipeline();
    pipeline.replace(
        NettyPipeline.HttpCodec,
        NettyPipeline.HttpCodec,
        new GuardedHttpCodec(MAX_HEADER_BYTES, time));
    if (proxy != null && remote instanceof InetSocketAddress target) {
      boolean secure = pipeline.get(NettyPipeline.SslHandler) != null;
      pipeline.addFirst(
          ProxyRoute.NAME, new ProxyRoute(proxy, names, target.getHostString(), secure));
    }
  }

  /** Returns whether the pool must close a connection instead of lending it. */
  private static boolean mustClose(Connection connection, ConnectionMetadata metadata) {
    Channel channel = connection.channel();
    GuardedHttpCodec codec = channel.pipeline().get(GuardedHttpCodec.class);
    return !channel.isActive()
        || !connection.isPersistent()
        || metadata.idleTime() >= MAX_IDLE.toMillis()
        || (codec != null && codec.holdsBack());
  }

  /** Records the progress of the request for which a new connection is opened. */
  private static void track(Channel channel) {
    channel.pipeline().addFirst(new TransferMonitor());
    ContextView context = ReactorNetty.getChannelContext(channel);
    if (context != null) {
      withProgress(context, progress -> progress.connectionOpened(channel));
      ChannelHandler opened =
          new ChannelInboundHandlerAdapter() {
            @Override
            public void channelActive(ChannelHandlerContext handler) {
              enter(context, Phase.HANDSHAKING);
              handler.fireChannelActive();
              handler.pipeline().remove(this);
            }
          };
      ChannelPipeline pipeline = channel.pipeline();
      if (pipeline.get(ProxyRoute.NAME) == null) {
        pipeline.addFirst(opened);
      } else {
        // What the proxy takes to connect belongs to the connect.
        pipeline.addAfter(ProxyRoute.NAME, null, opened);
      }
    }
  }

  private static void enter(ContextView context, Phase phase) {
    withProgress(context, progress -> progress.enter(phase));
  }

  private static void withProgress(ContextView context, Consumer<RequestProgress> action) {
    context.<RequestProgress>getOrEmpty(RequestProgress.class).ifPresent(action);
  }
}

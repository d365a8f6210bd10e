package io.beamline.worker.block.http;

import io.netty.resolver.AbstractAddressResolver;
import io.netty.resolver.AddressResolver;
import io.netty.resolver.AddressResolverGroup;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Promise;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;

/**
 * Resolves names for the client and returns only addresses that the rules permit. So the client
 * connects to the address that was checked, even if the name resolves to another one later.
 * Thread-safe.
 */
final class GuardedResolverGroup extends AddressResolverGroup<InetSocketAddress> {

  /** The longest deadline of a step. A lookup holds a connection of the pool until it ends. */
  private static final long MAX_LOOKUP_MINUTES = 60;

  private final NameLookup names;
  private final DestinationRules rules;

  GuardedResolverGroup(NameLookup names, DestinationRules rules) {
    this.names = names;
    this.rules = rules;
  }

  @Override
  protected AddressResolver<InetSocketAddress> newResolver(EventExecutor loop) {
    return new GuardedResolver(loop);
  }

  private final class GuardedResolver extends AbstractAddressResolver<InetSocketAddress> {

    GuardedResolver(EventExecutor loop) {
      super(loop, InetSocketAddress.class);
    }

    /**
     * Returns false always; otherwise the client would connect unchecked to an address in the URL.
     */
    @Override
    protected boolean doIsResolved(InetSocketAddress address) {
      return false;
    }

    @Override
    protected void doResolve(InetSocketAddress address, Promise<InetSocketAddress> promise) {
      complete(permitted(address).thenApply(List::getFirst), promise);
    }

    @Override
    protected void doResolveAll(
        InetSocketAddress address, Promise<List<InetSocketAddress>> promise) {
      complete(permitted(address), promise);
    }

    private CompletableFuture<List<InetSocketAddress>> permitted(InetSocketAddress address) {
      String host = Hosts.canonical(address.getHostString());
      return addresses(address)
          .thenCombine(
              natsAddresses(address.getPort()), (found, nats) -> filter(host, address, found, nats))
          .orTimeout(MAX_LOOKUP_MINUTES, TimeUnit.MINUTES);
    }

    private CompletableFuture<List<InetAddress>> addresses(InetSocketAddress address) {
      return address.isUnresolved()
          ? names.lookup(address.getHostString(), executor())
          : CompletableFuture.completedFuture(List.of(address.getAddress()));
    }

    /**
     * Fails if the names of the worker's NATS cannot be resolved, because then it cannot be denied.
     */
    private CompletableFuture<List<InetAddress>> natsAddresses(int port) {
      CompletableFuture<List<InetAddress>> all = CompletableFuture.completedFuture(List.of());
      for (String host : rules.natsHosts(port)) {
        all = all.thenCombine(names.lookup(host, executor()), GuardedResolverGroup::concat);
      }
      return all.exceptionallyCompose(
          failure -> CompletableFuture.failedFuture(new DestinationRefusedException()));
    }

    private List<InetSocketAddress> filter(
        String host, InetSocketAddress wanted, List<InetAddress> found, List<InetAddress> nats) {
      int port = wanted.getPort();
      List<InetSocketAddress> permitted =
          found.stream()
              .filter(address -> rules.permits(host, port, address, nats))
              .map(address -> new InetSocketAddress(address, port))
              .toList();
      if (permitted.isEmpty()) {
        throw new CompletionException(new DestinationRefusedException());
      }
      return permitted;
    }
  }

  private static <T> void complete(CompletableFuture<T> result, Promise<T> promise) {
    var unused =
        result.whenComplete(
            (found, failure) -> {
              if (failure == null) {
                promise.trySuccess(found);
              } else {
                promise.tryFailure(unwrap(failure));
              }
            });
  }

  private static Throwable unwrap(Throwable failure) {
    Throwable cause = failure.getCause();
    return failure instanceof CompletionException && cause != null ? cause : failure;
  }

  private static List<InetAddress> concat(List<InetAddress> some, List<InetAddress> more) {
    List<InetAddress> all = new ArrayList<>(some);
    all.addAll(more);
    return all;
  }
}

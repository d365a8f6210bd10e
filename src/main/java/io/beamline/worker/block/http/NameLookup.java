package io.beamline.worker.block.http;

import io.netty.util.concurrent.EventExecutor;
import java.net.InetAddress;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Resolves host names without blocking. Thread-safe. */
@FunctionalInterface
interface NameLookup {

  /**
   * Resolves a host to at least one address.
   *
   * @param host a name or the text of an address
   * @param loop the event loop that does the lookup
   * @return the addresses; it fails with an {@link java.net.UnknownHostException} if there are none
   */
  CompletableFuture<List<InetAddress>> lookup(String host, EventExecutor loop);
}

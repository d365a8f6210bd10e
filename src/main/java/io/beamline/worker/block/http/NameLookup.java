package io.beamline.worker.block.http;

import io.netty.util.concurrent.EventExecutor;
import java.net.InetAddress;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Finds the addresses of a host without blocking. Thread-safe. */
@FunctionalInterface
interface NameLookup {

  /**
   * The addresses of a host, at least one.
   *
   * @param host a name or the text of an address
   * @param loop the event loop on which to work
   * @return fails with an {@link java.net.UnknownHostException} when there are none
   */
  CompletableFuture<List<InetAddress>> lookup(String host, EventExecutor loop);
}

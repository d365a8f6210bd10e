package io.beamline.worker.destination.control;

import io.beamline.worker.destination.Destinations;
import io.beamline.worker.destination.ForcedState;
import io.beamline.worker.feature.FlagStore;
import io.beamline.worker.feature.FlagStore.StoredFlag;
import io.beamline.worker.feature.FlagStoreException;
import io.beamline.worker.feature.FlagStoreListener;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps what operators want of destinations in the store of the flags, and applies it (W3-5.3).
 * With a store that the fleet shares it holds for the fleet. The store calls from one thread at a
 * time; {@link #force} is safe for any thread.
 */
final class ForcedDestinations implements FlagStoreListener {

  private static final Logger log = LoggerFactory.getLogger(ForcedDestinations.class);

  /** Flags have no dash in their names. A key without a dot needs no further permission. */
  private static final String PREFIX = "destination-";

  private final Destinations destinations;
  private final FlagStore store;
  private final String worker;

  /** The forced destinations by key. Changed by the store's calls only. */
  private final Map<String, ForcedRecord> known = new ConcurrentHashMap<>();

  /**
   * Becomes a listener of the store.
   *
   * @param worker the id of this worker, which is stored with each change
   */
  ForcedDestinations(Destinations destinations, FlagStore store, String worker) {
    this.destinations = destinations;
    this.store = store;
    this.worker = worker;
    store.addListener(this);
  }

  /**
   * Forces a destination, or leaves it to its breaker again.
   *
   * @param user who wants it
   * @throws FlagStoreException when that is not stored, or it is unknown whether it is
   */
  void force(String destination, ForcedState wanted, String user) throws FlagStoreException {
    String key = key(destination);
    if (wanted != ForcedState.AUTO
        && known.size() >= Destinations.MAX_FORCED
        && !known.containsKey(key)) {
      throw new FlagStoreException(
          Destinations.MAX_FORCED + " destinations are forced: leave some to their breakers first");
    }
    if (wanted == ForcedState.AUTO) {
      store.delete(key);
    } else {
      store.put(key, new ForcedRecord(destination, wanted, user, worker).json());
    }
  }

  @Override
  public void loaded(Map<String, StoredFlag> all) {
    known.keySet().stream().filter(key -> !all.containsKey(key)).toList().forEach(this::forget);
    all.forEach(this::changed);
  }

  @Override
  public void changed(String key, StoredFlag stored) {
    if (!key.startsWith(PREFIX)) {
      return;
    }
    String text = stored.text();
    if (text == null) {
      forget(key);
      return;
    }
    ForcedRecord wanted = ForcedRecord.of(text);
    if (wanted == null || !key.equals(key(wanted.destination()))) {
      log.atWarn()
          .addKeyValue("key", key)
          .addKeyValue("revision", stored.revision())
          .log("Stored state of a destination is not valid; its last valid state is kept");
    } else if (!wanted.equals(known.get(key))
        && destinations.force(wanted.destination(), wanted.state())) {
      known.put(key, wanted);
      logChange(wanted.destination(), wanted.state(), wanted);
    }
  }

  private void forget(String key) {
    ForcedRecord before = known.remove(key);
    if (before != null) {
      boolean unused = destinations.force(before.destination(), ForcedState.AUTO);
      logChange(before.destination(), ForcedState.AUTO, null);
    }
  }

  private static void logChange(
      String destination, ForcedState state, @Nullable ForcedRecord wanted) {
    log.atInfo()
        .addKeyValue("destination", destination)
        .addKeyValue("state", state.wireName())
        .addKeyValue("user", wanted == null ? null : wanted.user())
        .addKeyValue("changed_on", wanted == null ? null : wanted.worker())
        .log("Destination forced by an operator");
  }

  /** Names of destinations have characters that keys must not have, and may be long. */
  private static String key(String destination) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      byte[] hash = digest.digest(destination.getBytes(StandardCharsets.UTF_8));
      return PREFIX + HexFormat.of().formatHex(hash);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}

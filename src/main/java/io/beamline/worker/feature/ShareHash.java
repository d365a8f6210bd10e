package io.beamline.worker.feature;

/**
 * Computes the position of an id between 0 and 1. It is the same on every worker, in every version
 * and for every flag. So an id within the first 10 % is also within the first 50 %, for all flags.
 * Pure; allocates nothing.
 */
final class ShareHash {

  /** A position is a multiple of 1 / SCALE, which a double represents exactly. */
  static final long SCALE = 1L << 53;

  private static final long OFFSET = 0xcbf29ce484222325L;
  private static final long PRIME = 0x100000001b3L;

  private ShareHash() {}

  /** Returns the position of an id, from 0 to {@link #SCALE} (exclusive). */
  static long position(String id) {
    long hash = OFFSET;
    for (int i = 0; i < id.length(); i++) {
      hash = (hash ^ id.charAt(i)) * PRIME;
    }
    return spread(hash) >>> 11;
  }

  /** Spreads the hashes of ids that differ little, such as numbers (finalizer of MurmurHash3). */
  private static long spread(long hash) {
    long mixed = hash;
    mixed = (mixed ^ (mixed >>> 33)) * 0xff51afd7ed558ccdL;
    mixed = (mixed ^ (mixed >>> 33)) * 0xc4ceb9fe1a85ec53L;
    return mixed ^ (mixed >>> 33);
  }
}

package io.beamline.worker.feature;

/**
 * Gives each id its place between 0 and 1, on every worker and for ever the same, whatever the
 * flag: who is among the first 10 % is among the first 50 %, and with all flags alike. Pure,
 * allocates nothing.
 */
final class ShareHash {

  /** Places are counted in steps of 1 / SCALE, as fine as a double has them. */
  static final long SCALE = 1L << 53;

  private static final long OFFSET = 0xcbf29ce484222325L;
  private static final long PRIME = 0x100000001b3L;

  private ShareHash() {}

  /** The place of an id, 0 to {@link #SCALE} exclusively. */
  static long place(String id) {
    long hash = OFFSET;
    for (int i = 0; i < id.length(); i++) {
      hash = (hash ^ id.charAt(i)) * PRIME;
    }
    return spread(hash) >>> 11;
  }

  /** Ids that differ little, such as numbers, end far from each other (MurmurHash3's finish). */
  private static long spread(long hash) {
    long mixed = hash;
    mixed = (mixed ^ (mixed >>> 33)) * 0xff51afd7ed558ccdL;
    mixed = (mixed ^ (mixed >>> 33)) * 0xc4ceb9fe1a85ec53L;
    return mixed ^ (mixed >>> 33);
  }
}

package io.beamline.worker.rollout.statistics;

import java.util.stream.DoubleStream;

/** How likely each number of hits is in the groups with a thing, when it makes no difference. */
final class Hits {

  /** What is less likely than this, compared with the likeliest, is left out. */
  private static final double NEGLIGIBLE = 1e-18;

  private final long least;
  private final double[] chances;

  private Hits(long least, double[] chances) {
    this.least = least;
    this.chances = chances;
  }

  /** No hits for certain. */
  static Hits none() {
    return new Hits(0, new double[] {1});
  }

  /** The hypergeometric distribution, from its likeliest value outwards. */
  static Hits of(Pair pair) {
    long hits = pair.hitsWith() + pair.hitsWithout();
    long most = Math.min(hits, pair.with());
    long likeliest =
        Math.min(most, (long) ((pair.with() + 1.0) * (hits + 1.0) / (pair.total() + 2)));
    double[] up = outwards(pair, likeliest, 1);
    double[] down = outwards(pair, likeliest, -1);
    double[] chances = new double[up.length + down.length - 1];
    for (int i = 0; i < down.length; i++) {
      chances[down.length - 1 - i] = down[i];
    }
    System.arraycopy(up, 0, chances, down.length - 1, up.length);
    return new Hits(likeliest - down.length + 1, normalised(chances));
  }

  /** Both together. */
  Hits plus(Hits other) {
    double[] sums = new double[chances.length + other.chances.length - 1];
    for (int i = 0; i < chances.length; i++) {
      for (int j = 0; j < other.chances.length; j++) {
        sums[i + j] += chances[i] * other.chances[j];
      }
    }
    return new Hits(least + other.least, sums);
  }

  /** How likely so many hits are. */
  double chance(long hits) {
    long place = hits - least;
    return place < 0 || place >= chances.length ? 0 : chances[(int) place];
  }

  /** How likely a number of hits is that is itself at most so likely; 0 to 1. */
  double ofAtMost(double limit) {
    return Math.min(1, DoubleStream.of(chances).filter(chance -> chance <= limit).sum());
  }

  private static double[] normalised(double[] weights) {
    double sum = DoubleStream.of(weights).sum();
    return DoubleStream.of(weights).map(weight -> weight / sum).toArray();
  }

  /** How likely each number of hits is from the likeliest on, compared with that. */
  private static double[] outwards(Pair pair, long likeliest, int step) {
    DoubleStream.Builder chances = DoubleStream.builder();
    double chance = 1;
    for (long hits = likeliest; chance > NEGLIGIBLE; hits += step) {
      chances.add(chance);
      chance *= step > 0 ? oneMore(pair, hits) : 1 / oneMore(pair, hits - 1);
    }
    return chances.build().toArray();
  }

  /** How much likelier one more hit is in the group with the thing. */
  private static double oneMore(Pair pair, long hitsWith) {
    double hitsLeft = pair.hits() - hitsWith;
    double missesLeft = (double) pair.with() - hitsWith;
    double missesWithout = pair.total() - pair.with() - hitsLeft;
    return hitsLeft * missesLeft / ((hitsWith + 1.0) * (missesWithout + 1));
  }
}

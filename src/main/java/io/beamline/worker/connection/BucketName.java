package io.beamline.worker.connection;

import java.util.regex.Pattern;

/** Derives the names of buckets from the streams that they belong to. */
public final class BucketName {

  private static final Pattern NOT_IN_A_NAME = Pattern.compile("[^A-Za-z0-9_-]");

  private BucketName() {}

  /**
   * Returns the name of a stream's bucket. Letters that no bucket may have become {@code _}.
   *
   * @param suffix what the bucket is for, for example {@code _REPLAYS}
   */
  public static String of(String stream, String suffix) {
    return NOT_IN_A_NAME.matcher(stream).replaceAll("_") + suffix;
  }
}

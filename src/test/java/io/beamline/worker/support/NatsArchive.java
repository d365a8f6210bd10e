package io.beamline.worker.support;

import java.net.URI;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * An archive of the official release of the NATS server, for one platform. Immutable.
 *
 * @param name the file's name; its end says how it is packed
 * @param sha256 the checksum that the release has for it, in lower-case hexadecimal digits
 */
record NatsArchive(String name, String sha256) {

  /** Where the releases are published. */
  static final String RELEASES = "https://github.com/nats-io/nats-server/releases/download";

  /** The release whose checksums these are. To change it, take those of its file SHA256SUMS. */
  static final String VERSION = "2.11.4";

  private static final Map<String, NatsArchive> OF_PLATFORMS =
      Map.of(
          "linux-amd64",
          tar("linux-amd64", "84192cee46c62760d9c259a97f373b73bccadc41be779c26ef676542ae15daf6"),
          "linux-arm64",
          tar("linux-arm64", "66b1ec828d78c3d24e207ad77239b2208d939c6bebd88fe0656be5eae325442c"),
          "darwin-amd64",
          tar("darwin-amd64", "e4e8fa118db1b19c3d2e32f03233f534794f4d6cdc92ba1e889d6ffd969966c7"),
          "darwin-arm64",
          tar("darwin-arm64", "151d47377ddb2cdffb4474a30494be493923e2f8d0d390db7244f0509b5c759f"),
          "windows-amd64",
          zip("windows-amd64", "c78771905c52a8590f6c20cb101bb38ab65bd3046bd6ab8edf4e38efd41dce6f"),
          "windows-arm64",
          zip("windows-arm64", "633e547968918d304966dfcbeb5eb68aecbf124e6a5fdea6716d8b677d280836"));

  /**
   * The archive for a platform; empty where the project pins none.
   *
   * @param system as in the property {@code os.name}
   * @param architecture as in the property {@code os.arch}
   */
  static Optional<NatsArchive> of(String system, String architecture) {
    return Optional.ofNullable(OF_PLATFORMS.get(system(system) + "-" + architecture(architecture)));
  }

  /**
   * Where it is.
   *
   * @param releases the place of all releases: {@link #RELEASES}, or a mirror
   */
  URI in(String releases) {
    return URI.create(releases.replaceAll("/+$", "") + "/v" + VERSION + "/" + name);
  }

  /** Whether it is a zip archive; otherwise it is a compressed tar archive. */
  boolean isZip() {
    return name.endsWith(".zip");
  }

  private static NatsArchive tar(String platform, String sha256) {
    return new NatsArchive("nats-server-v" + VERSION + "-" + platform + ".tar.gz", sha256);
  }

  private static NatsArchive zip(String platform, String sha256) {
    return new NatsArchive("nats-server-v" + VERSION + "-" + platform + ".zip", sha256);
  }

  private static String system(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    if (lower.startsWith("windows")) {
      return "windows";
    }
    return lower.startsWith("mac") ? "darwin" : lower;
  }

  private static String architecture(String name) {
    return switch (name.toLowerCase(Locale.ROOT)) {
      case "amd64", "x86_64" -> "amd64";
      case "aarch64", "arm64" -> "arm64";
      default -> name;
    };
  }
}

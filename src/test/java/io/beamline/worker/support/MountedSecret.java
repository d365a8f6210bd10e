package io.beamline.worker.support;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;

/**
 * The files of a Secret as Kubernetes mounts them: each is a link through the link {@code ..data},
 * which an update replaces at once. The keys are those of cert-manager. Not thread-safe.
 */
public final class MountedSecret {

  private static final String DATA = "..data";

  private final Path folder;
  private int version;

  private MountedSecret(Path folder) {
    this.folder = folder;
  }

  /** Mounts a certificate of an authority. */
  public static MountedSecret of(Path folder, Authority authority, String name) throws IOException {
    MountedSecret secret = new MountedSecret(Files.createDirectories(folder));
    secret.update(authority, name);
    for (String key : List.of("ca.crt", "tls.crt", "tls.key")) {
      Files.createSymbolicLink(folder.resolve(key), Path.of(DATA, key));
    }
    return secret;
  }

  /** Replaces all files at once. */
  public void update(Authority authority, String name) throws IOException {
    Path files = Files.createDirectory(folder.resolve("..v" + ++version));
    Files.copy(authority.authorityFile(), files.resolve("ca.crt"));
    Files.copy(authority.certificateFile(name), files.resolve("tls.crt"));
    Files.copy(authority.keyFile(name), files.resolve("tls.key"));
    Path link = folder.resolve("..next");
    Files.createSymbolicLink(link, files.getFileName());
    Files.move(link, folder.resolve(DATA), StandardCopyOption.ATOMIC_MOVE);
  }

  /** Settings of a bundle of these files, which is read again soon after they change. */
  public List<String> bundle(String bundle) {
    String prefix = "spring.ssl.bundle.pem." + bundle;
    return List.of(
        prefix + ".truststore.certificate=" + folder.resolve("ca.crt"),
        prefix + ".keystore.certificate=" + folder.resolve("tls.crt"),
        prefix + ".keystore.private-key=" + folder.resolve("tls.key"),
        prefix + ".reload-on-update=true",
        "spring.ssl.bundle.watch.file.quiet-period=200ms");
  }
}

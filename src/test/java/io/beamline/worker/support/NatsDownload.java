package io.beamline.worker.support;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.function.Consumer;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.ArchiveEntry;
import org.apache.commons.compress.archivers.ArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.zip.ZipArchiveInputStream;

/**
 * Fetches a release of the NATS server, compares its checksum, and unpacks the program. Only the
 * program is written, whole, and to a path that the archive cannot choose.
 *
 * @param archive what to fetch
 * @param releases where the releases are
 * @param patience how long to wait for a connection, and for more bytes
 * @param report receives a line for people before the download begins
 */
record NatsDownload(
    NatsArchive archive, String releases, Duration patience, Consumer<String> report) {

  /** Releases have 5 to 8 MB, and programs 15 to 20 MB. */
  private static final long LARGEST = 200_000_000;

  /**
   * Fetches it.
   *
   * @param folder where the program is written
   * @return the program
   * @throws IOException with a sentence for people, without its address; then nothing is left
   */
  Path fetchTo(Path folder) throws IOException {
    Files.createDirectories(folder);
    Path file = Files.createTempFile(folder, "download-", ".part");
    Path unpacked = Files.createTempFile(folder, "unpack-", ".part");
    try {
      report.accept("Downloading " + source());
      String found = download(file);
      if (!found.equals(archive.sha256())) {
        throw new IOException(
            "it has the SHA-256 " + found + ", but must have " + archive.sha256());
      }
      return unpack(file, unpacked, folder);
    } finally {
      Files.deleteIfExists(file);
      Files.deleteIfExists(unpacked);
    }
  }

  /** The archive's address. */
  URI source() {
    return archive.in(releases);
  }

  /** Returns the SHA-256 of what was fetched. */
  private String download(Path file) throws IOException {
    HttpURLConnection connection = (HttpURLConnection) source().toURL().openConnection();
    connection.setConnectTimeout((int) patience.toMillis());
    connection.setReadTimeout((int) patience.toMillis());
    try {
      if (connection.getResponseCode() != HttpURLConnection.HTTP_OK) {
        throw new IOException("the server answers with status " + connection.getResponseCode());
      }
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      try (InputStream in = new DigestInputStream(connection.getInputStream(), digest);
          OutputStream out = Files.newOutputStream(file)) {
        copy(in, out);
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    } finally {
      connection.disconnect();
    }
  }

  private Path unpack(Path file, Path unpacked, Path folder) throws IOException {
    try (ArchiveInputStream<? extends ArchiveEntry> entries = open(file)) {
      for (ArchiveEntry entry = entries.getNextEntry();
          entry != null;
          entry = entries.getNextEntry()) {
        if (!entry.isDirectory() && isProgram(entry.getName())) {
          try (OutputStream out = Files.newOutputStream(unpacked)) {
            copy(entries, out);
          }
          return finish(unpacked, folder);
        }
      }
    }
    throw new IOException("there is no program " + NatsBinary.PROGRAM + " in it");
  }

  private ArchiveInputStream<? extends ArchiveEntry> open(Path file) throws IOException {
    InputStream in = new BufferedInputStream(Files.newInputStream(file));
    return archive.isZip()
        ? new ZipArchiveInputStream(in)
        : new TarArchiveInputStream(new GZIPInputStream(in));
  }

  private boolean isProgram(String name) {
    String wanted = archive.isZip() ? "nats-server.exe" : "nats-server";
    return name.substring(Math.max(name.lastIndexOf('/'), name.lastIndexOf('\\')) + 1)
        .equals(wanted);
  }

  private static Path finish(Path unpacked, Path folder) throws IOException {
    if (!unpacked.toFile().setExecutable(true)) {
      throw new IOException("its program cannot be made executable in " + folder);
    }
    return Files.move(
        unpacked, folder.resolve(NatsBinary.PROGRAM), StandardCopyOption.REPLACE_EXISTING);
  }

  private static void copy(InputStream in, OutputStream out) throws IOException {
    byte[] buffer = new byte[1 << 16];
    long copied = 0;
    for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
      copied += read;
      if (copied > LARGEST) {
        throw new IOException("it is larger than " + LARGEST + " bytes");
      }
      out.write(buffer, 0, read);
    }
  }
}

package io.beamline.worker.connection;

import io.beamline.worker.config.UnusableSettingException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.KeyStoreException;
import java.security.UnrecoverableKeyException;
import org.jspecify.annotations.Nullable;

/**
 * A key store or trust store that a setting names.
 *
 * @param property the name of the setting
 * @param path the path of the file
 */
record StoreFile(String property, String path) {

  /**
   * Reads the store.
   *
   * @param type the type of the store; null or empty for PKCS12
   * @param password null for none
   * @throws UnusableSettingException when the store cannot be read or is empty
   */
  KeyStore read(@Nullable String type, char @Nullable [] password) {
    try (InputStream in = Files.newInputStream(Path.of(path))) {
      KeyStore store = KeyStore.getInstance(type == null || type.isEmpty() ? "PKCS12" : type);
      store.load(in, password);
      if (store.size() == 0) {
        throw unusable("nothing in it can be read without its password");
      }
      return store;
    } catch (IOException | GeneralSecurityException | InvalidPathException e) {
      throw unusable(reason(e));
    }
  }

  private UnusableSettingException unusable(String reason) {
    return new UnusableSettingException(
        property, path, "a store that can be read with its type and password: " + reason);
  }

  private static String reason(Exception e) {
    return switch (e) {
      case NoSuchFileException missing -> "there is no such file";
      case AccessDeniedException denied -> "the file may not be read";
      case IOException wrong when wrong.getCause() instanceof UnrecoverableKeyException ->
          "the password is wrong";
      case KeyStoreException unknown -> "the type is not known";
      case GeneralSecurityException unusable -> "what is in it cannot be used";
      default -> "the file is damaged, or of another type";
    };
  }
}

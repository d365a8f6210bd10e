package io.beamline.worker.config;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.security.UnrecoverableKeyException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.autoconfigure.ssl.JksSslBundleProperties;
import org.springframework.boot.autoconfigure.ssl.PemSslBundleProperties;
import org.springframework.boot.autoconfigure.ssl.PropertiesSslBundle;
import org.springframework.boot.autoconfigure.ssl.SslProperties;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.pem.PemContent;
import org.springframework.core.env.Environment;
import org.springframework.core.io.ResourceLoader;
import org.springframework.util.StringUtils;

/**
 * Checks an SSL bundle: that it exists, that each of its files can be read, and that Java can use
 * what is in them. Stateless, except that it reads files.
 */
final class BundleCheck {

  private static final String ALL = "spring.ssl.bundle.";
  private static final String HIDDEN = "(hidden)";

  private final String setting;
  private final ResourceLoader files;

  private BundleCheck(String setting, ResourceLoader files) {
    this.setting = setting;
    this.files = files;
  }

  /**
   * Checks the bundle that a setting names.
   *
   * @throws UnusableSettingException if the setting, or a file of the bundle, cannot be used; no
   *     secret is in the message
   */
  static void check(
      String setting, String name, SslProperties.Bundles all, ResourceLoader resources) {
    BundleCheck check = new BundleCheck(setting, resources);
    PemSslBundleProperties pem = all.getPem().get(name);
    JksSslBundleProperties jks = all.getJks().get(name);
    if (pem != null) {
      check.pem(ALL + "pem." + name, pem);
      check.usable(name, PropertiesSslBundle.get(pem, resources));
    } else if (jks != null) {
      SslBundle bundle = PropertiesSslBundle.get(jks, resources);
      check.stores(ALL + "jks." + name, jks, bundle);
      check.usable(name, bundle);
    } else {
      List<String> names = new ArrayList<>(all.getPem().keySet());
      names.addAll(all.getJks().keySet());
      throw new UnusableSettingException(
          setting,
          name,
          "the name of a bundle of spring.ssl.bundle.pem or spring.ssl.bundle.jks; "
              + (names.isEmpty() ? "there is none" : "there are: " + String.join(", ", names)));
    }
  }

  /** Returns a sentence for each setting of the worker whose bundle cannot be used. */
  static List<String> faults(Environment environment) {
    List<String> faults = new ArrayList<>();
    for (String setting : List.of(TlsBundles.NATS, TlsBundles.HTTP)) {
      try {
        TlsBundles.read(environment).named(setting, environment.getProperty(setting, "").strip());
      } catch (UnusableSettingException e) {
        faults.add(String.valueOf(e.getMessage()));
      } catch (RuntimeException e) {
        // Spring Boot explains settings that are not those of a bundle.
      }
    }
    return faults;
  }

  private void pem(String bundle, PemSslBundleProperties pem) {
    PemSslBundleProperties.Store own = pem.getKeystore();
    together(bundle + ".keystore", own.getCertificate(), own.getPrivateKey());
    certificate(bundle + ".keystore.certificate", own.getCertificate());
    key(bundle + ".keystore.private-key", own.getPrivateKey(), own.getPrivateKeyPassword());
    certificate(bundle + ".truststore.certificate", pem.getTruststore().getCertificate());
  }

  /** A certificate without its key would never be shown to a server. */
  private static void together(
      String store, @Nullable String certificate, @Nullable String privateKey) {
    if (StringUtils.hasLength(certificate) != StringUtils.hasLength(privateKey)) {
      boolean lacksKey = StringUtils.hasLength(certificate);
      throw new UnusableSettingException(
          store + (lacksKey ? ".private-key" : ".certificate"),
          "",
          "set together with " + store + (lacksKey ? ".certificate" : ".private-key"));
    }
  }

  private void certificate(String property, @Nullable String content) {
    require(property, content, "a PEM file with a certificate", text -> isCertificate(text));
  }

  private void key(String property, @Nullable String content, @Nullable String password) {
    require(
        property, content, "a PEM file with a private key", text -> isPrivateKey(text, password));
  }

  private void require(
      String property, @Nullable String content, String what, Predicate<String> usable) {
    if (content == null || content.isEmpty()) {
      return;
    }
    boolean inline = PemContent.isPresentInText(content);
    String shown = inline ? HIDDEN : content;
    String rule = what + " for " + setting + ": ";
    try {
      if (!usable.test(inline ? content : read(content))) {
        throw new UnusableSettingException(
            property, shown, rule + "there is none in it that can be read");
      }
    } catch (IOException e) {
      throw new UnusableSettingException(property, shown, rule + reason(e));
    }
  }

  private String read(String location) throws IOException {
    try (InputStream in = files.getResource(location).getInputStream()) {
      return String.valueOf(PemContent.load(in));
    }
  }

  private static boolean isCertificate(String text) {
    try {
      return !PemContent.of(text).getCertificates().isEmpty();
    } catch (IllegalStateException | IllegalArgumentException e) {
      return false;
    }
  }

  private static boolean isPrivateKey(String text, @Nullable String password) {
    try {
      return PemContent.of(text).getPrivateKey(password) != null;
    } catch (IllegalStateException | IllegalArgumentException e) {
      return false;
    }
  }

  private void stores(String bundle, JksSslBundleProperties jks, SslBundle made) {
    try {
      made.getStores().getKeyStore();
    } catch (IllegalStateException e) {
      throw unusableStore(bundle + ".keystore.location", jks.getKeystore().getLocation(), e);
    }
    try {
      made.getStores().getTrustStore();
    } catch (IllegalStateException e) {
      throw unusableStore(bundle + ".truststore.location", jks.getTruststore().getLocation(), e);
    }
  }

  private UnusableSettingException unusableStore(
      String property, @Nullable String location, Exception failure) {
    return new UnusableSettingException(
        property,
        location == null ? "" : location,
        "a store that can be read with its type and password for "
            + setting
            + ": "
            + reason(failure));
  }

  private void usable(String name, SslBundle bundle) {
    try {
      bundle.createSslContext();
    } catch (IllegalStateException | IllegalArgumentException e) {
      throw new UnusableSettingException(setting, name, "a bundle that Java can use: " + reason(e));
    }
  }

  /** Returns why it failed. The exceptions' own messages may quote what is in the files. */
  private static String reason(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      switch (cause) {
        case NoSuchFileException missing -> {
          return "there is no such file";
        }
        case AccessDeniedException denied -> {
          return "the file may not be read";
        }
        case FileNotFoundException missing -> {
          return "there is no such file";
        }
        case UnrecoverableKeyException wrong -> {
          return "the password is wrong";
        }
        default -> {}
      }
    }
    return failure instanceof IOException
        ? "the file cannot be read"
        : "what is in it is damaged, or does not fit its other settings";
  }
}

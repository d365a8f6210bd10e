package io.beamline.worker.config;

import java.util.function.Consumer;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundles;

/**
 * An SSL bundle that a setting of the worker names: authorities, and perhaps a certificate of the
 * worker. It was checked before. Thread-safe.
 *
 * @param setting the setting, such as {@code worker.nats.ssl-bundle}
 * @param name the bundle's name
 * @param all all bundles
 */
public record TlsBundle(String setting, String name, SslBundles all) {

  /**
   * Returns the bundle as it was read last. With {@code reload-on-update} that is after each change
   * of its files.
   */
  public SslBundle current() {
    return all.getBundle(name);
  }

  /** Calls a listener with each bundle that replaces this one, on a thread of Spring Boot. */
  public void onRenewal(Consumer<SslBundle> listener) {
    all.addBundleUpdateHandler(name, listener);
  }

  /** Returns the exception for a bundle that its user refuses: the text after "must be". */
  public UnusableSettingException refused(String rule) {
    return new UnusableSettingException(setting, name, rule);
  }
}

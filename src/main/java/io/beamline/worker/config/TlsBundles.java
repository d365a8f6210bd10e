package io.beamline.worker.config;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.autoconfigure.ssl.PropertiesSslBundle;
import org.springframework.boot.autoconfigure.ssl.SslProperties;
import org.springframework.boot.io.ApplicationResourceLoader;
import org.springframework.boot.ssl.DefaultSslBundleRegistry;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.core.env.Environment;
import org.springframework.core.io.DefaultResourceLoader;
import org.springframework.core.io.ResourceLoader;

/**
 * The SSL bundles of {@code spring.ssl.bundle}, which settings of the worker name (contract section
 * 8). Thread-safe.
 */
public final class TlsBundles {

  /** The setting that names the bundle of the connection to NATS. */
  public static final String NATS = "worker.nats.ssl-bundle";

  /** The setting that names the bundle of HTTP steps. */
  public static final String HTTP = "worker.blocks.http.ssl-bundle";

  private final SslProperties.Bundles settings;
  private final SslBundles bundles;

  /**
   * Creates the bundles.
   *
   * @param settings how they are set
   * @param bundles what Spring Boot made of that
   */
  public TlsBundles(SslProperties settings, SslBundles bundles) {
    this.settings = settings.getBundle();
    this.bundles = bundles;
  }

  /** Returns the bundles of an environment, for a process that reads them once. */
  static TlsBundles read(Environment environment) {
    SslProperties properties =
        SettingsCheck.binder(environment).bindOrCreate("spring.ssl", SslProperties.class);
    DefaultSslBundleRegistry registry = new DefaultSslBundleRegistry();
    ResourceLoader files = files();
    TlsBundles all = new TlsBundles(properties, registry);
    all.settings
        .getPem()
        .forEach((name, pem) -> registry.registerBundle(name, PropertiesSslBundle.get(pem, files)));
    all.settings
        .getJks()
        .forEach((name, jks) -> registry.registerBundle(name, PropertiesSslBundle.get(jks, files)));
    return all;
  }

  /**
   * Returns the bundle that a setting names, or null if it names none.
   *
   * @param setting the setting, such as {@code worker.nats.ssl-bundle}
   * @param name its value
   * @throws UnusableSettingException if there is no such bundle, or it cannot be used
   */
  public @Nullable TlsBundle named(String setting, String name) {
    if (name.isEmpty()) {
      return null;
    }
    BundleCheck.check(setting, name, settings, files());
    return new TlsBundle(setting, name, bundles);
  }

  /** Returns a loader that takes a text without a prefix as the path of a file, as Boot does. */
  private static ResourceLoader files() {
    return ApplicationResourceLoader.get(new DefaultResourceLoader(), true);
  }
}

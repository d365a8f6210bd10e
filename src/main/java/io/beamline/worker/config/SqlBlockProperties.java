package io.beamline.worker.config;

import java.util.Map;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The databases of SQL steps (contract section 4), as they are written. {@link
 * DatasourceSettings#of} reads them.
 *
 * @param datasources {@code <name>.<setting>} with its value; passwords are among them
 */
@ConfigurationProperties("worker.blocks.sql")
public record SqlBlockProperties(@DefaultValue Map<String, String> datasources) {

  /** The name of the group of settings. */
  public static final String DATASOURCES = "worker.blocks.sql.datasources";

  /** Returns no value, because some are secret. */
  @Override
  public String toString() {
    return "SqlBlockProperties[" + datasources.size() + " settings]";
  }
}

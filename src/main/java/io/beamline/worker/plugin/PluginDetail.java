package io.beamline.worker.plugin;

import io.beamline.worker.observability.health.HealthDetail;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Shows the plug-ins in health (contract section 9). Thread-safe: nothing changes after start. */
final class PluginDetail implements HealthDetail {

  private final PluginBlocks blocks;

  PluginDetail(PluginBlocks blocks) {
    this.blocks = blocks;
  }

  @Override
  public String name() {
    return "plugins";
  }

  @Override
  public Map<String, Object> details() {
    List<Map<String, Object>> plugins = new ArrayList<>();
    blocks.types().forEach((jar, types) -> plugins.add(describe(jar, types)));
    return Map.of("loaded", plugins);
  }

  /**
   * The name of a file is a value: health hides the values of fields that are named like secrets.
   */
  private static Map<String, Object> describe(PluginJar jar, List<String> types) {
    Map<String, Object> plugin = new LinkedHashMap<>();
    plugin.put("file", jar.name());
    if (jar.version() != null) {
      plugin.put("version", jar.version());
    }
    plugin.put("types", types);
    return plugin;
  }
}

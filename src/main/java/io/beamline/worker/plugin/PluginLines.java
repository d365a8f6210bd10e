package io.beamline.worker.plugin;

import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.ApplicationListener;

/** Logs each plug-in once, when the worker has started. */
final class PluginLines implements ApplicationListener<ApplicationReadyEvent> {

  private static final Logger log = LoggerFactory.getLogger(PluginLines.class);

  private final PluginBlocks blocks;

  PluginLines(PluginBlocks blocks) {
    this.blocks = blocks;
  }

  @Override
  public void onApplicationEvent(ApplicationReadyEvent event) {
    blocks.types().forEach(PluginLines::write);
  }

  private static void write(PluginJar jar, List<String> types) {
    log.atInfo()
        .addKeyValue("file", jar.name())
        .addKeyValue("version", jar.version() == null ? "unknown" : jar.version())
        .addKeyValue("types", types)
        .log("Plug-in loaded");
  }
}

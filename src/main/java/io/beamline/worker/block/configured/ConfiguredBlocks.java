package io.beamline.worker.block.configured;

import io.beamline.worker.block.Block;
import io.beamline.worker.block.BlockRegistry;
import io.beamline.worker.block.BlockType;
import io.beamline.worker.config.ConfiguredTypes;
import io.beamline.worker.config.StepTypeProperties;
import io.beamline.worker.config.StepTypeSettings;
import io.beamline.worker.config.UnusableSettingException;
import io.beamline.worker.observability.logging.LogThrottle;
import io.beamline.worker.retry.RetryOverrides;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Makes the registry of all blocks: those of the code, and the types of the settings. */
final class ConfiguredBlocks {

  private ConfiguredBlocks() {}

  /**
   * Returns the registry.
   *
   * @throws UnusableSettingException if a type has a name that is taken, names a block that does
   *     not exist, or has inputs that cannot be used
   */
  static BlockRegistry registry(List<Block> blocks, ConfiguredTypes types, LogThrottle throttle) {
    BlockRegistry known = new BlockRegistry(blocks);
    if (types.byName().isEmpty()) {
      return known;
    }
    List<Block> all = new ArrayList<>(blocks);
    Set<String> names = new HashSet<>();
    Map<String, String> keys = new HashMap<>();
    known.canonicalTypes().forEach(name -> keys.put(RetryOverrides.key(name), name));
    types
        .byName()
        .forEach(
            (name, settings) -> {
              requireFree(name, name, StepTypeSettings.property(name, "block"), known, names);
              for (String alias : settings.aliases()) {
                requireFree(name, alias, StepTypeSettings.property(name, "aliases"), known, names);
              }
              requireOwnKey(name, keys.putIfAbsent(RetryOverrides.key(name), name));
              all.add(configured(name, settings, known, throttle));
            });
    return new BlockRegistry(all);
  }

  private static void requireFree(
      String type, String name, String property, BlockRegistry known, Set<String> names) {
    if (known.supports(name) || !names.add(name)) {
      throw new UnusableSettingException(
          property,
          name,
          name.equals(type)
              ? "below a name that no block and no other type has"
              : "a name that no block and no other type has");
    }
  }

  /**
   * Retry settings find their type by a key that has neither case nor dots, dashes, underscores.
   */
  private static void requireOwnKey(String type, @Nullable String other) {
    if (other != null) {
      throw new UnusableSettingException(
          StepTypeSettings.property(type, "block"),
          type,
          "below a name that differs from the type "
              + other
              + " by more than case, dots, dashes and underscores");
    }
  }

  private static Block configured(
      String name, StepTypeProperties settings, BlockRegistry known, LogThrottle throttle) {
    Block block = known.find(settings.block());
    if (block == null) {
      throw new UnusableSettingException(
          StepTypeSettings.property(name, "block"),
          settings.block(),
          "one of the blocks "
              + String.join(", ", known.canonicalTypes().stream().sorted().toList()));
    }
    return new ConfiguredBlock(
        new BlockType(name, settings.aliases(), block.type().pool()),
        block,
        ConfiguredInputs.of(name, settings, block),
        new ConfiguredResult(name, settings, throttle),
        settings.timeout());
  }
}

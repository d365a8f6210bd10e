package io.beamline.worker.plugin;

import io.beamline.worker.block.Block;
import io.beamline.worker.block.BlockType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.util.ClassUtils;

/**
 * Checks each block when its bean has been made, and knows which plug-in has which. Beans are made
 * by the thread that starts the worker; the others read only afterwards.
 */
final class PluginBlocks implements BeanPostProcessor {

  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");

  private final PluginLoader loader;
  private final Map<String, Block> byName = new HashMap<>();
  private final Map<PluginJar, List<String>> types = new LinkedHashMap<>();

  PluginBlocks(PluginLoader loader) {
    this.loader = loader;
    loader.plugins().forEach(plugin -> types.put(plugin, new ArrayList<>()));
  }

  @Override
  public Object postProcessAfterInitialization(Object bean, String beanName) {
    if (bean instanceof Block block) {
      PluginJar jar = jarOf(block);
      if (jar != null) {
        types.computeIfAbsent(jar, plugin -> new ArrayList<>()).add(checkedType(block, jar).name());
      }
      names(block.type()).forEach(name -> add(name, block, jar));
    }
    return bean;
  }

  /** Returns the canonical names of the blocks of each plug-in, in the order of the jars. */
  Map<PluginJar, List<String>> types() {
    return types;
  }

  private void add(String name, Block block, @Nullable PluginJar jar) {
    Block other = byName.putIfAbsent(name, block);
    PluginJar culprit = jar == null && other != null ? jarOf(other) : jar;
    if (other != null && culprit != null) {
      throw new PluginException(
          culprit.name(),
          "the block name '%s' is used twice, by %s and by %s"
              .formatted(name, userClass(other).getName(), userClass(block).getName()));
    }
  }

  private static BlockType checkedType(Block block, PluginJar jar) {
    BlockType type;
    try {
      type = block.type();
    } catch (RuntimeException | LinkageError e) {
      throw fault(block, jar, "throws " + StartFaults.describe(e));
    }
    if (!isUsable(type)) {
      throw fault(
          block,
          jar,
          "must have names of 1 to 64 letters, digits, dots, - and _, and a pool; it is " + type);
    }
    if (!type.equals(block.type())) {
      throw fault(block, jar, "must be the same at each call");
    }
    return type;
  }

  private static PluginException fault(Block block, PluginJar jar, String what) {
    return new PluginException(
        jar.name(), "the type() of its block " + userClass(block).getName() + " " + what);
  }

  /** A block that was compiled without null checks may return null anywhere. */
  @SuppressWarnings("ConstantValue")
  private static boolean isUsable(@Nullable BlockType type) {
    return type != null
        && type.name() != null
        && type.aliases() != null
        && type.pool() != null
        && names(type).allMatch(name -> name != null && NAME.matcher(name).matches());
  }

  private static Stream<String> names(BlockType type) {
    return Stream.concat(Stream.of(type.name()), type.aliases().stream());
  }

  private @Nullable PluginJar jarOf(Block block) {
    return loader.jarOf(userClass(block));
  }

  private static Class<?> userClass(Block block) {
    return ClassUtils.getUserClass(block);
  }
}

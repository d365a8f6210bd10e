package io.beamline.worker.block;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToIntBiFunction;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Finds blocks by name or alias (contract section 4). Immutable. */
public final class BlockRegistry {

  private final Map<String, Block> byName;
  private final List<BlockType> types;
  private final List<Block> blocks;

  /**
   * Creates a registry of these blocks.
   *
   * @throws IllegalStateException when a name or alias is used twice
   */
  public BlockRegistry(List<? extends Block> blocks) {
    Map<String, Block> found = new HashMap<>();
    for (Block block : blocks) {
      names(block.type()).forEach(name -> add(found, name, block));
    }
    byName = Map.copyOf(found);
    types = blocks.stream().map(Block::type).toList();
    this.blocks = List.copyOf(blocks);
  }

  /** Returns the block with this name or alias, or null if there is none. */
  public @Nullable Block find(String typeOrAlias) {
    return byName.get(typeOrAlias);
  }

  /** Returns the {@link Block#capacity} at a destination, of the block that has one. */
  public int capacity(String destination) {
    return most(destination, Block::capacity);
  }

  /** Returns the {@link Block#hanging} attempts at a destination, of the block that has some. */
  public int hanging(String destination) {
    return most(destination, Block::hanging);
  }

  private int most(String destination, ToIntBiFunction<Block, String> ofBlock) {
    int most = 0;
    for (Block block : blocks) {
      most = Math.max(most, ofBlock.applyAsInt(block, destination));
    }
    return most;
  }

  /** Returns whether a block has this name or alias. */
  public boolean supports(String typeOrAlias) {
    return byName.containsKey(typeOrAlias);
  }

  /**
   * Returns the canonical name of the block with this name or alias, or the argument if there is no
   * such block.
   */
  public String canonical(String typeOrAlias) {
    Block block = byName.get(typeOrAlias);
    return block == null ? typeOrAlias : block.type().name();
  }

  /** Returns the names and pools of all blocks, in the order of their registration. */
  public List<BlockType> types() {
    return types;
  }

  /** Returns the canonical names of all blocks, in the order of their registration. */
  public List<String> canonicalTypes() {
    return types.stream().map(BlockType::name).toList();
  }

  private static Stream<String> names(BlockType type) {
    return Stream.concat(Stream.of(type.name()), type.aliases().stream());
  }

  private static void add(Map<String, Block> blocks, String name, Block block) {
    Block other = blocks.putIfAbsent(name, block);
    if (other != null) {
      throw new IllegalStateException(
          "The block name '%s' is used twice: by %s and by %s"
              .formatted(name, other.getClass().getName(), block.getClass().getName()));
    }
  }
}

package io.beamline.worker.block;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.beamline.worker.contract.Outputs;
import io.beamline.worker.contract.ResourcePool;
import java.util.List;
import org.junit.jupiter.api.Test;

class BlockRegistryTest {

  private final Block first = block("one", "uno");
  private final Block second = block("two");

  @Test
  void findsBlocksByNameAndAlias() {
    BlockRegistry registry = new BlockRegistry(List.of(first, second));

    assertThat(registry.find("one")).isSameAs(first);
    assertThat(registry.find("uno")).isSameAs(first);
    assertThat(registry.find("two")).isSameAs(second);
    assertThat(registry.find("three")).isNull();
    assertThat(registry.canonical("uno")).isEqualTo("one");
    assertThat(registry.canonical("three")).isEqualTo("three");
    assertThat(registry.supports("uno")).isTrue();
    assertThat(registry.supports("One")).isFalse();
  }

  @Test
  void listsCanonicalNamesOnly() {
    BlockRegistry registry = new BlockRegistry(List.of(first, second));

    assertThat(registry.canonicalTypes()).containsExactly("one", "two");
    assertThat(registry.types()).containsExactly(first.type(), second.type());
  }

  @Test
  void rejectsANameThatIsUsedTwice() {
    assertThatIllegalStateException()
        .isThrownBy(() -> new BlockRegistry(List.of(first, block("uno"))))
        .withMessageStartingWith("The block name 'uno' is used twice");
  }

  private static Block block(String name, String... aliases) {
    return new Block() {
      @Override
      public BlockType type() {
        return new BlockType(name, List.of(aliases), ResourcePool.CPU);
      }

      @Override
      public Outputs run(BlockCall call) {
        return new Outputs.RawObject(call.payload());
      }
    };
  }
}

package io.beamline.worker.block.fs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.beamline.worker.block.StepFailure;
import io.beamline.worker.contract.ErrorCode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class LinksTest {

  private static final Content TEXT = new Content(UTF_8.encode("text"));

  private final Path home;
  private final Path root;
  private final Path other;
  private final Path outside;
  private final Fixture files;

  LinksTest(@TempDir Path folder) throws IOException {
    home = folder.toRealPath();
    root = Files.createDirectory(home.resolve("root"));
    other = Files.createDirectory(home.resolve("other"));
    outside = Files.createDirectory(home.resolve("outside"));
    Files.writeString(outside.resolve("secret"), "secret");
    files = Fixture.over(root, other);
  }

  @AfterEach
  void close() {
    files.close();
  }

  @Test
  void refusesALinkThatLeadsOut() throws Exception {
    Files.createSymbolicLink(root.resolve("link"), outside.resolve("secret"));

    assertRefused(() -> files.get("link"));
    assertRefused(() -> files.overwrite("link", "x"));
    assertRefused(() -> files.delete("link"));
    assertUntouched();
  }

  @Test
  void refusesAFolderThatIsALinkOut() throws Exception {
    Files.createSymbolicLink(root.resolve("folder"), outside);

    assertRefused(() -> files.get("folder/secret"));
    assertRefused(() -> files.overwrite("folder/secret", "x"));
    assertRefused(() -> files.put("folder/new", "x"));
    assertRefused(() -> files.put("folder/deep/new", "x"));
    assertRefused(() -> files.delete("folder/secret"));
    assertRefused(() -> files.delete("folder/nothing"));
    assertUntouched();
  }

  @Test
  void doesNotRevealWhatExistsOutside() throws Exception {
    Files.createSymbolicLink(root.resolve("folder"), outside);

    assertRefused(() -> files.get("folder/secret"));
    assertRefused(() -> files.get("folder/nothing"));
    assertRefused(() -> files.get("folder/secret/below"));
  }

  @Test
  void refusesALinkToNothing() throws Exception {
    Files.createSymbolicLink(root.resolve("link"), outside.resolve("new"));
    Files.createSymbolicLink(root.resolve("folder"), outside.resolve("newfolder"));
    Files.createSymbolicLink(root.resolve("loop"), root.resolve("loop"));

    assertRefused(() -> files.get("link"));
    assertRefused(() -> files.put("link", "x"));
    assertRefused(() -> files.delete("link"));
    assertRefused(() -> files.put("folder/x", "x"));
    assertRefused(() -> files.get("loop"));
    assertUntouched();
  }

  @Test
  void followsLinksThatStayInside() throws Exception {
    Files.createDirectories(root.resolve("a/b"));
    Files.createSymbolicLink(root.resolve("short"), Path.of("a/b"));
    Files.createSymbolicLink(root.resolve("across"), other);

    files.put("short/file", "one");
    files.put("across/file", "two");
    Files.createSymbolicLink(root.resolve("filelink"), root.resolve("a/b/file"));
    files.overwrite("filelink", "three");

    assertThat(root.resolve("a/b/file")).hasContent("three");
    assertThat(other.resolve("file")).hasContent("two");
    assertThat(root.resolve("filelink")).isSymbolicLink();
    assertThat(files.get("filelink").get("content")).isEqualTo("three");
  }

  @Test
  void deletesALinkAndNotItsTarget() throws Exception {
    files.put("file", "one");
    Files.createSymbolicLink(root.resolve("link"), Path.of("file"));

    assertThat(files.delete("link").get("deleted")).isEqualTo(true);
    assertThat(Fixture.names(root)).containsExactly("file");
  }

  @Test
  void refusesALinkToAFolderAsAFile() throws Exception {
    Files.createDirectory(root.resolve("folder"));
    Files.createSymbolicLink(root.resolve("link"), Path.of("folder"));
    Files.createSymbolicLink(root.resolve("up"), root);

    for (String path : new String[] {"link", "up"}) {
      assertThat(Fixture.error(() -> files.get(path)).code()).isEqualTo(ErrorCode.INVALID_INPUT);
      assertThat(Fixture.error(() -> files.overwrite(path, "x")).code())
          .isEqualTo(ErrorCode.INVALID_INPUT);
      assertThat(Fixture.error(() -> files.delete(path)).code()).isEqualTo(ErrorCode.INVALID_INPUT);
    }
  }

  @Test
  void aRootMayBeALink() throws Exception {
    Path linked = Files.createSymbolicLink(home.resolve("linked"), other);
    try (Fixture through = Fixture.over(linked)) {
      through.put("a/b", "one");

      assertThat(through.get(linked.resolve("a/b").toString()).get("content")).isEqualTo("one");
      assertThat(through.delete("a/b").get("deleted")).isEqualTo(true);
    }
    assertThat(other.resolve("a")).isEmptyDirectory();
  }

  @Test
  void aRootIsMadeWhenItIsFirstWrittenTo() throws Exception {
    Path missing = home.resolve("not/yet");
    try (Fixture fresh = Fixture.over(missing)) {
      assertThat(fresh.delete("a").get("deleted")).isEqualTo(false);
      assertThat(Fixture.error(() -> fresh.get("a")).message())
          .isEqualTo("The file does not exist");
      assertThat(missing).doesNotExist();

      fresh.put("a", "one");
    }
    assertThat(missing.resolve("a")).hasContent("one");
  }

  @Test
  void aFolderSwappedRightBeforeTheCommitKeepsTheStepInside() throws Exception {
    files.put("folder/secret", "old");
    Files.writeString(outside.resolve("new"), "outside");

    swappedAtTheCommit(files.putOperation("folder/secret", TEXT, true));
    assertThat(home.resolve("aside/secret")).as("the folder that was checked").hasContent("text");

    Files.writeString(home.resolve("aside/new"), "inside");
    swappedAtTheCommit(
        new DeleteFile(new RealPaths(files.roots), files.roots.locate("folder/new")));
    assertThat(
            Fixture.error(() -> swappedAtTheCommit(files.putOperation("folder/a", TEXT, false)))
                .message())
        .isEqualTo("The path changed while it was in use");

    Files.delete(outside.resolve("new"));
    assertThat(Fixture.names(home.resolve("aside"))).containsExactly("secret");
    assertUntouched();
  }

  @Test
  void aFolderThatWasSwappedIsNotReachedByItsPath() throws Exception {
    Path folder = Files.createDirectory(root.resolve("folder"));
    Files.move(folder, home.resolve("aside"));
    Files.createSymbolicLink(folder, outside);

    assertThatExceptionOfType(NoSuchFileException.class)
        .isThrownBy(
            () ->
                DescriptorPaths.runIn(folder, path -> Files.createDirectory(path.resolve("made"))));
    assertUntouched();
  }

  @Test
  void aFolderOfTheSameNameInOtherLettersIsAnother() throws Exception {
    Path lower = Files.createDirectory(root.resolve("folder"));
    Files.createDirectory(root.resolve("FOLDER"));
    try (DirectoryStream<Path> heldByAnotherStep = Files.newDirectoryStream(lower)) {
      files.put("FOLDER/made/a", "text");

      assertThat(heldByAnotherStep).isEmpty();
    }
    assertThat(root.resolve("FOLDER/made/a")).hasContent("text");
  }

  /** Runs an operation during whose commit a link out takes the place of its folder. */
  private void swappedAtTheCommit(FileOperation<?> operation) throws Exception {
    Path folder = root.resolve("folder");
    Path aside = home.resolve("aside");
    if (Files.isSymbolicLink(folder)) {
      Files.delete(folder);
      Files.move(aside, folder);
    }
    operation.run(
        new Progress() {
          @Override
          public void checkpoint() {}

          @Override
          public void claim() {
            try {
              Files.move(folder, aside);
              Files.createSymbolicLink(folder, outside);
            } catch (IOException e) {
              throw new UncheckedIOException(e);
            }
          }
        });
  }

  @Test
  void aFolderSwappedForALinkInBetweenLeadsNowhere() throws Exception {
    Files.createDirectory(root.resolve("folder"));
    Path aside = Files.createDirectory(home.resolve("aside"));

    whileSwapping(round -> swap(root.resolve("folder"), aside.resolve("folder" + round)));

    assertUntouched();
  }

  @Test
  void aLinkSwappedInBetweenLeadsNowhere() throws Exception {
    Path folder = root.resolve("folder");
    Path next = home.resolve("next");

    whileSwapping(
        round -> {
          Files.createSymbolicLink(next, round % 2 == 0 ? outside : other);
          Files.move(next, folder, StandardCopyOption.ATOMIC_MOVE);
        });

    assertUntouched();
  }

  /** Puts a link out in the place of a folder for a moment. */
  private void swap(Path folder, Path aside) throws IOException {
    Files.move(folder, aside);
    Files.createSymbolicLink(folder, outside);
    Thread.onSpinWait();
    Files.delete(folder);
    Files.move(aside, folder);
  }

  private interface Swap {
    void run(int round) throws IOException;
  }

  /** Runs all kinds of steps while another thread swaps. */
  private void whileSwapping(Swap swap) throws Exception {
    AtomicBoolean stop = new AtomicBoolean();
    AtomicInteger rounds = new AtomicInteger();
    Thread swapper = Thread.ofPlatform().start(() -> swapUntil(stop, rounds, swap));
    try {
      for (int i = 0; i < 150 || rounds.get() < 300; i++) {
        String name = "folder/file" + i;
        ignoringFailure(() -> files.put(name, "leaked"));
        ignoringFailure(() -> files.overwrite("folder/secret", "leaked"));
        ignoringFailure(() -> files.put("folder/made/" + name, "leaked"));
        ignoringFailure(
            () -> assertThat(files.get("folder/secret").get("content")).isNotEqualTo("secret"));
        ignoringFailure(() -> files.delete("folder/secret"));
      }
    } finally {
      stop.set(true);
      swapper.join();
    }
  }

  private static void swapUntil(AtomicBoolean stop, AtomicInteger rounds, Swap swap) {
    while (!stop.get()) {
      try {
        swap.run(rounds.incrementAndGet());
      } catch (IOException e) {
        // A put made the folder anew between two steps of the swap: the next round goes on.
      }
    }
  }

  private static void ignoringFailure(ThrowingCallable step) throws Exception {
    try {
      step.call();
    } catch (StepFailure refused) {
      // Any refusal is fine here.
    } catch (Exception | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new AssertionError(e);
    }
  }

  private static void assertRefused(ThrowingCallable step) {
    assertThat(Fixture.error(step).code()).isEqualTo(ErrorCode.PERMISSION_DENIED);
    assertThat(Fixture.error(step).message())
        .isEqualTo("The path leads out of the permitted roots");
  }

  private void assertUntouched() throws IOException {
    assertThat(Fixture.names(outside)).containsExactly("secret");
    assertThat(Files.readAllBytes(outside.resolve("secret"))).isEqualTo("secret".getBytes(UTF_8));
  }
}

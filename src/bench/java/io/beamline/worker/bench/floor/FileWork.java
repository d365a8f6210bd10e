package io.beamline.worker.bench.floor;

import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import io.nats.client.Message;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;

/** Plain calls of the platform, each on a thread of a pool. */
final class FileWork {

  private FileWork() {}

  /**
   * Reads one of the files of a folder, which are named by numbers from 0.
   *
   * @param files how many there are
   */
  static Work read(ExecutorService threads, Path folder, int files) {
    return message -> {
      long number = message.metaData().streamSequence() % files;
      return CompletableFuture.supplyAsync(
          () -> unchecked(() -> Files.readAllBytes(folder.resolve("f" + number))), threads);
    };
  }

  /**
   * Writes the last bytes of the assignment, which are its file's content and the end of its JSON:
   * as many as the largest power of two in its size, which the content has. A reader sees nothing
   * or all, and so does who looks after a power failure.
   */
  static Work write(ExecutorService threads, Path folder) {
    return message ->
        CompletableFuture.supplyAsync(() -> unchecked(() -> write(message, folder)), threads);
  }

  private static byte[] write(Message message, Path folder) throws IOException {
    String name = "f" + message.metaData().streamSequence();
    Path unfinished = folder.resolve(name + ".tmp");
    byte[] data = message.getData();
    int size = Integer.highestOneBit(data.length);
    try (FileChannel channel = FileChannel.open(unfinished, WRITE, CREATE_NEW)) {
      ByteBuffer content = ByteBuffer.wrap(data, data.length - size, size);
      while (content.hasRemaining()) {
        channel.write(content);
      }
      channel.force(true);
    }
    Files.move(unfinished, folder.resolve(name), ATOMIC_MOVE);
    try (FileChannel channel = FileChannel.open(folder, READ)) {
      channel.force(true);
    }
    return Arrays.copyOf(data, data.length - size);
  }

  private static byte[] unchecked(Call call) {
    try {
      return call.run();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private interface Call {
    byte[] run() throws IOException;
  }
}

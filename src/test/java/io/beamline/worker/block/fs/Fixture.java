package io.beamline.worker.block.fs;

import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.beamline.worker.block.Block;
import io.beamline.worker.block.BlockCall;
import io.beamline.worker.block.ContentMemory;
import io.beamline.worker.block.StepFailure;
import io.beamline.worker.contract.Outputs;
import io.beamline.worker.contract.RawJson;
import io.beamline.worker.contract.StepError;
import io.beamline.worker.support.Calls;
import io.beamline.worker.support.ReadableOutputs;
import io.beamline.worker.timeout.Deadline;
import io.beamline.worker.timeout.OperationTimeouts;
import io.beamline.worker.timeout.TimeSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import tools.jackson.databind.json.JsonMapper;

/** The file blocks over some roots. */
final class Fixture implements AutoCloseable {

  static final OperationTimeouts CP1 = OperationTimeouts.cp1(Duration.ofSeconds(30));
  static final String WORKER = "test-worker";

  /** An operation that nobody gives up. */
  static final Progress STEADY =
      new Progress() {
        @Override
        public void checkpoint() {}

        @Override
        public void claim() {}
      };

  private static final JsonMapper JSON = JsonMapper.shared();

  final FileService service = new FileService(4);
  final ContentMemory memory;

  /** The largest result that the server takes. */
  volatile long maxResult = 1 << 30;

  final PermittedRoots roots;
  private final BlobPutBlock put;
  private final BlobGetBlock get;
  private final BlobDeleteBlock delete;

  Fixture(long maxBytes, Path... roots) {
    this(maxBytes, new ContentMemory(1 << 30), roots);
  }

  Fixture(long maxBytes, ContentMemory memory, Path... roots) {
    this.memory = memory;
    this.roots = new PermittedRoots(List.of(roots));
    FileStore store = new FileStore(this.roots, service, TimeSource.system(), maxBytes, WORKER);
    put = new BlobPutBlock(store);
    get = new BlobGetBlock(store, memory, () -> maxResult);
    delete = new BlobDeleteBlock(store);
  }

  static Fixture over(Path... roots) {
    return new Fixture(64L << 20, roots);
  }

  static OperationTimeouts fileTimeouts(Duration timeout) {
    return new OperationTimeouts(
        timeout, timeout, timeout, timeout, timeout, timeout, timeout, timeout, timeout);
  }

  Map<String, ?> put(Map<String, ?> inputs) throws Exception {
    return run(put, inputs);
  }

  Map<String, ?> put(String path, String content) throws Exception {
    return put(Map.of("path", path, "content", content));
  }

  Map<String, ?> overwrite(String path, String content) throws Exception {
    return put(Map.of("path", path, "content", content, "overwrite", true));
  }

  Map<String, ?> get(String path) throws Exception {
    return run(get, Map.of("path", path));
  }

  Map<String, ?> delete(String path) throws Exception {
    return run(delete, Map.of("path", path));
  }

  PutFile putOperation(String path, Content content, boolean overwrite) throws StepFailure {
    return new PutFile(new RealPaths(roots), roots.locate(path), content, overwrite, WORKER);
  }

  @Override
  public void close() {
    service.close();
  }

  /** The error a step ends with. */
  static StepError error(ThrowingCallable step) {
    StepFailure failure = catchThrowableOfType(StepFailure.class, step);
    if (failure == null) {
      throw new AssertionError("The step succeeded");
    }
    return failure.error();
  }

  /** The names in a folder. */
  static List<String> names(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  /** Runs a command of the system; whether it succeeded. */
  static boolean command(String... command) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    return process.waitFor(10, TimeUnit.SECONDS) && process.exitValue() == 0;
  }

  /** A get whose outputs the caller closes. */
  Outputs open(String path, OperationTimeouts timeouts) throws Exception {
    RawJson payload = new RawJson(JSON.writeValueAsString(Map.of("path", path)));
    return get.run(Calls.of("a1", payload, timeouts, Deadline.never(), false));
  }

  private static Map<String, ?> run(Block block, Map<String, ?> inputs) throws Exception {
    RawJson payload = new RawJson(JSON.writeValueAsString(inputs));
    BlockCall call = Calls.of("a1", payload, CP1, Deadline.never(), false);
    try (Outputs outputs = block.run(call)) {
      return ReadableOutputs.of(outputs);
    }
  }
}

package io.beamline.worker.block.configured;

import io.beamline.worker.block.BlockCall;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** An id of the assignment that an input of a configured type may name in braces. */
enum IdPlaceholder {
  ASSIGNMENT_ID,
  TENANT_ID,
  PROVIDER_ID,
  REQUEST_ID;

  /** Returns the placeholder with this name, or null if there is none. */
  static @Nullable IdPlaceholder named(String name) {
    return Arrays.stream(values()).filter(one -> one.text().equals(name)).findAny().orElse(null);
  }

  /** Returns all of them as they are written, for an error. */
  static String all() {
    return Arrays.stream(values())
        .map(one -> "{" + one.text() + "}")
        .collect(Collectors.joining(", "));
  }

  /** Returns its name without braces, which is that of a field of the assignment. */
  String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  String idOf(BlockCall call) {
    return switch (this) {
      case ASSIGNMENT_ID -> call.assignmentId();
      case TENANT_ID -> call.tenantId();
      case PROVIDER_ID -> call.providerId();
      case REQUEST_ID -> call.requestId();
    };
  }
}

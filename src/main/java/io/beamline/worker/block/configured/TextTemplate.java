package io.beamline.worker.block.configured;

import io.beamline.worker.block.BlockCall;
import io.beamline.worker.block.InputPlace;
import io.beamline.worker.block.StepFailure;
import io.beamline.worker.contract.ErrorCode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A text with ids of the assignment, such as <code>beamline.{tenant_id}.v1</code>. Immutable.
 *
 * @param parts what it consists of
 * @param place where it goes, which decides how ids are escaped
 */
record TextTemplate(List<Part> parts, InputPlace place) {

  /** A name in braces; in doubled braces it means itself. */
  private static final Pattern BRACES = Pattern.compile("\\{\\{([a-z_]+)}}|\\{([a-z_]+)}");

  /** A part of the text. */
  private sealed interface Part {}

  private record Literal(String text) implements Part {}

  private record Id(IdPlaceholder placeholder) implements Part {}

  /** Parses a text. */
  static TextTemplate parse(String text, InputPlace place) throws TemplateException {
    List<Part> parts = new ArrayList<>();
    StringBuilder literal = new StringBuilder();
    Matcher braces = BRACES.matcher(text);
    int done = 0;
    while (braces.find()) {
      literal.append(text, done, braces.start());
      done = braces.end();
      String doubled = braces.group(1);
      if (doubled != null) {
        literal.append('{').append(doubled).append('}');
        continue;
      }
      IdPlaceholder placeholder = placeholder(braces.group(2));
      if (parts.isEmpty()) {
        requirePlace(place.fault(literal.toString()));
      }
      parts.add(new Literal(literal.toString()));
      parts.add(new Id(placeholder));
      literal.setLength(0);
    }
    parts.add(new Literal(literal.append(text, done, text.length()).toString()));
    return new TextTemplate(List.copyOf(parts), place);
  }

  private static IdPlaceholder placeholder(String name) throws TemplateException {
    IdPlaceholder found = IdPlaceholder.named(name);
    if (found == null) {
      throw new TemplateException(
          "a text whose names in braces are among %s, and not {%s}"
              .formatted(IdPlaceholder.all(), name));
    }
    return found;
  }

  private static void requirePlace(@Nullable String fault) throws TemplateException {
    if (fault != null) {
      throw new TemplateException(fault);
    }
  }

  /**
   * Returns the text for an assignment.
   *
   * @throws StepFailure INVALID_INPUT if one of its ids cannot be put there
   */
  String fill(BlockCall call) throws StepFailure {
    if (parts.size() == 1 && parts.getFirst() instanceof Literal(String only)) {
      return only;
    }
    StringBuilder text = new StringBuilder();
    for (Part part : parts) {
      switch (part) {
        case Literal(String literal) -> text.append(literal);
        case Id(IdPlaceholder placeholder) -> text.append(escaped(placeholder, call));
      }
    }
    return text.toString();
  }

  private String escaped(IdPlaceholder placeholder, BlockCall call) throws StepFailure {
    String escaped = place.escape(placeholder.idOf(call));
    if (escaped == null) {
      throw StepFailure.of(
          ErrorCode.INVALID_INPUT,
          "An id cannot be a part of this type's address",
          Map.of("field", placeholder.text()));
    }
    return escaped;
  }
}

package io.beamline.worker.block.configured;

import io.beamline.worker.block.BlockCall;
import io.beamline.worker.block.InputPlace;
import io.beamline.worker.block.StepFailure;
import io.beamline.worker.contract.RawJson;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** An input of a configured type, whose texts may have ids of the assignment. Immutable. */
sealed interface InputTemplate {

  /** Returns the value for an assignment, as {@code JsonWriter.value} takes it. */
  Object fill(BlockCall call) throws StepFailure;

  /** A text. */
  record Words(TextTemplate template) implements InputTemplate {
    @Override
    public Object fill(BlockCall call) throws StepFailure {
      return template.fill(call);
    }
  }

  /** A number or a boolean. */
  record Scalar(RawJson value) implements InputTemplate {
    @Override
    public Object fill(BlockCall call) {
      return value;
    }
  }

  /** A list. */
  record Elements(List<InputTemplate> elements) implements InputTemplate {
    @Override
    public Object fill(BlockCall call) throws StepFailure {
      List<Object> filled = new ArrayList<>(elements.size());
      for (InputTemplate element : elements) {
        filled.add(element.fill(call));
      }
      return filled;
    }
  }

  /** An object. */
  record Members(Map<String, InputTemplate> members) implements InputTemplate {
    @Override
    public Object fill(BlockCall call) throws StepFailure {
      Map<String, Object> filled = new LinkedHashMap<>();
      for (Map.Entry<String, InputTemplate> member : members.entrySet()) {
        filled.put(member.getKey(), member.getValue().fill(call));
      }
      return filled;
    }
  }

  /**
   * Parses a value of the settings.
   *
   * @throws TemplateException if a placeholder is unknown, or is where no id may be
   */
  static InputTemplate parse(Object value, InputPlace place) throws TemplateException {
    return switch (value) {
      case Map<?, ?> map -> {
        Map<String, InputTemplate> members = new LinkedHashMap<>();
        for (Map.Entry<?, ?> member : map.entrySet()) {
          members.put(String.valueOf(member.getKey()), parse(member.getValue(), place));
        }
        yield new Members(members);
      }
      case List<?> list -> {
        List<InputTemplate> elements = new ArrayList<>(list.size());
        for (Object element : list) {
          elements.add(parse(element, place));
        }
        yield new Elements(List.copyOf(elements));
      }
      case Number number -> new Scalar(new RawJson(number.toString()));
      case Boolean flag -> new Scalar(new RawJson(flag.toString()));
      default -> {
        String text = value.toString();
        yield new Words(TextTemplate.parse(text, place.ofText(text)));
      }
    };
  }
}

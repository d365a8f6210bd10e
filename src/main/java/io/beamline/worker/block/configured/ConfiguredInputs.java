package io.beamline.worker.block.configured;

import io.beamline.worker.block.Block;
import io.beamline.worker.block.BlockCall;
import io.beamline.worker.block.StepFailure;
import io.beamline.worker.config.StepTypeProperties;
import io.beamline.worker.config.StepTypeSettings;
import io.beamline.worker.config.UnusableSettingException;
import io.beamline.worker.contract.RawJson;
import io.beamline.worker.contract.json.JsonFields;
import io.beamline.worker.contract.json.JsonFields.Field;
import io.beamline.worker.contract.json.JsonWriter;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Makes the inputs of a block from those of the settings and the payload of an assignment. The
 * settings win, also over an alias, so an assignment cannot redirect them. Immutable.
 */
final class ConfiguredInputs {

  private final Map<String, InputTemplate> inputs;
  private final String payloadAs;
  private final Block block;
  private final Set<String> taken;

  private ConfiguredInputs(Map<String, InputTemplate> inputs, String payloadAs, Block block) {
    this.inputs = inputs;
    this.payloadAs = payloadAs;
    this.block = block;
    this.taken = inputs.keySet().stream().map(block::inputName).collect(Collectors.toSet());
  }

  /**
   * Parses the inputs of a type.
   *
   * @throws UnusableSettingException if one has an unknown placeholder, or one where no id may be
   */
  static ConfiguredInputs of(String type, StepTypeProperties settings, Block block) {
    Map<String, InputTemplate> inputs = new LinkedHashMap<>();
    settings
        .inputs()
        .forEach(
            (name, value) -> {
              try {
                inputs.put(name, InputTemplate.parse(value, block.place(name)));
              } catch (TemplateException e) {
                throw new UnusableSettingException(
                    StepTypeSettings.property(type, "inputs." + name), "(hidden)", e.rule());
              }
            });
    ConfiguredInputs all = new ConfiguredInputs(inputs, settings.payloadAs(), block);
    if (all.taken.contains(block.inputName(settings.payloadAs()))) {
      throw new UnusableSettingException(
          StepTypeSettings.property(type, "payload-as"),
          settings.payloadAs(),
          "an input that inputs does not have");
    }
    return all;
  }

  /**
   * Returns the payload for the block.
   *
   * @throws StepFailure INVALID_INPUT if an id of the assignment cannot be put where it belongs
   */
  RawJson of(BlockCall call) throws StepFailure {
    Map<String, Object> filled = new LinkedHashMap<>();
    for (Map.Entry<String, InputTemplate> input : inputs.entrySet()) {
      filled.put(input.getKey(), input.getValue().fill(call));
    }
    return new RawJson(JsonWriter.object(json -> write(json, filled, call.payload())));
  }

  private void write(JsonWriter json, Map<String, Object> filled, RawJson payload) {
    filled.forEach(json::value);
    if (!payloadAs.isEmpty()) {
      json.value(payloadAs, payload);
      return;
    }
    for (Map.Entry<String, Field> field : JsonFields.of(payload).entrySet()) {
      if (!taken.contains(block.inputName(field.getKey()))) {
        json.field(field.getKey(), field.getValue());
      }
    }
  }
}

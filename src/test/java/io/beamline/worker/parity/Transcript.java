package io.beamline.worker.parity;

import io.beamline.worker.support.Answer;
import io.beamline.worker.support.ReceivedRequest;
import io.beamline.worker.support.RouterStandIn;
import io.beamline.worker.support.WireMessage;
import java.util.List;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Writes down what came of a scenario.
 *
 * @param placeholders what stands for what changes from run to run
 * @param router what the Router saw
 * @param site what the site saw
 */
record Transcript(Placeholders placeholders, RouterStandIn router, Site site) {

  /** Everything of one scenario. */
  ObjectNode of(Scenario scenario) {
    Answer answer = router.answer(scenario.id());
    ObjectNode entry = Placeholders.MAPPER.createObjectNode();
    entry.put("acks", answer.acks());
    entry.put("results", answer.results());
    entry.put("result_after_ack", answer.resultAt() > answer.ackedAt());
    answer.ack().ifPresent(ack -> entry.set("ack", of(ack)));
    answer.result().ifPresent(result -> entry.set("result", of(result)));
    deadLetters(entry, scenario.id());
    requests(entry, site.requests(scenario.page()));
    waits(entry, scenario, answer);
    return entry;
  }

  /** A message with its subject and headers. */
  JsonNode of(WireMessage message) {
    ObjectNode node = Placeholders.MAPPER.createObjectNode();
    node.put("subject", message.subject());
    node.set("headers", Placeholders.MAPPER.valueToTree(message.headers()));
    node.set("body", message.json());
    return placeholders.in(node);
  }

  /** Most of a dead letter is what the result says: such fields are only named. */
  private void deadLetters(ObjectNode entry, String id) {
    ArrayNode letters = entry.putArray("dead_letters");
    router.deadLetters().stream()
        .filter(letter -> letter.text("assignment_id").equals(id))
        .map(this::of)
        .forEach(letter -> letters.add(shortened(letter, entry.path("result").path("body"))));
  }

  private static JsonNode shortened(JsonNode letter, JsonNode result) {
    ObjectNode body = (ObjectNode) letter.path("body");
    TreeSet<String> same = new TreeSet<>();
    body.forEachEntry(
        (name, value) -> {
          if (value.equals(result.path(name))) {
            same.add(name);
          }
        });
    body.remove(same);
    body.put("as_in_result", String.join(" ", same));
    return letter;
  }

  private void requests(ObjectNode entry, List<ReceivedRequest> requests) {
    entry.put("requests", requests.size());
    ArrayNode different = entry.putArray("different_requests");
    requests.stream()
        .map(request -> placeholders.in(recorded(request)))
        .distinct()
        .forEach(different::add);
  }

  private static ObjectNode recorded(ReceivedRequest request) {
    ObjectNode recorded = Placeholders.MAPPER.valueToTree(request);
    recorded.remove("octets");
    return recorded.put("body", request.body());
  }

  /** Between attempts where the site saw them; else the whole time of all attempts, if several. */
  private void waits(ObjectNode entry, Scenario scenario, Answer answer) {
    ArrayNode waits = entry.putArray("waits_ms");
    site.waits(scenario.page()).forEach(waits::add);
    if (waits.isEmpty() && entry.at("/result/body/retries_used").intValue(0) > 0) {
      long taken = answer.ack().orElseThrow().json().path("acknowledged_at").longValue();
      waits.add(answer.resultJson().path("timestamp").longValue() - taken);
    }
  }
}

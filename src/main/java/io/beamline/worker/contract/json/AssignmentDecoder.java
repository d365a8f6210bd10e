package io.beamline.worker.contract.json;

import io.beamline.worker.contract.AssignmentIdentity;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.exc.StreamConstraintsException;

/**
 * Reads assignments and checks them against the rules of contract section 2. It reads the bytes
 * once, and a message that is nested too deep twice. The payload is carried as it came.
 * Thread-safe: it has no state beside the supported types.
 */
public final class AssignmentDecoder {

  /** The fault of a message with values below the deepest permitted nesting. */
  static final String TOO_DEEP = "the message is nested deeper than " + Json.MAX_DEPTH;

  private final Predicate<String> supportedType;

  /**
   * A decoder that knows the supported types.
   *
   * @param supportedType whether a {@code job.type}, canonical or alias, can be run
   */
  public AssignmentDecoder(Predicate<String> supportedType) {
    this.supportedType = supportedType;
  }

  /** Reads a message. Never throws for bad input. */
  public Decoded decode(byte[] message) {
    if (message.length > Json.MAX_MESSAGE_BYTES) {
      return new Decoded.Malformed(
          AssignmentIdentity.UNKNOWN,
          "the message is larger than " + Json.MAX_MESSAGE_BYTES + " bytes");
    }
    AssignmentDraft draft = new AssignmentDraft();
    String fault = fault(message, draft);
    if (fault == null) {
      return draft.judge(supportedType);
    }
    if (fault.equals(TOO_DEEP)) {
      return decodeTooDeep(message, draft);
    }
    return malformed(message, draft, fault);
  }

  /**
   * Reads a message without what is nested too deep, so that its sender gets an ack. The deep
   * values are not checked, only skipped.
   *
   * @param start what was read before the first of them
   */
  private Decoded decodeTooDeep(byte[] message, AssignmentDraft start) {
    byte[] shallow = DeepValues.blanked(message);
    if (shallow == null) {
      return new Decoded.Malformed(start.identity(), TOO_DEEP + " and is not JSON");
    }
    AssignmentDraft draft = new AssignmentDraft();
    draft.tooDeep = true;
    String fault = fault(shallow, draft);
    return fault == null ? draft.judge(supportedType) : malformed(message, draft, fault);
  }

  private static Decoded malformed(byte[] message, AssignmentDraft draft, String fault) {
    return hasNul(message)
        ? new Decoded.Malformed(AssignmentIdentity.UNKNOWN, "the message has a NUL byte")
        : new Decoded.Malformed(draft.identity(), fault);
  }

  private static @Nullable String fault(byte[] message, AssignmentDraft draft) {
    String fault = Json.faultOfEncoding(message);
    if (fault != null) {
      return fault;
    }
    try (JsonParser parser = Json.MESSAGES.createParser(ObjectReadContext.empty(), message)) {
      return read(parser, draft, message);
    } catch (StreamConstraintsException e) {
      return TOO_DEEP;
    } catch (JacksonException e) {
      return faultOf(e);
    }
  }

  /** A NUL byte is never JSON; it usually shows another encoding, so it is named first. */
  private static boolean hasNul(byte[] message) {
    for (byte b : message) {
      if (b == 0) {
        return true;
      }
    }
    return false;
  }

  private static @Nullable String read(JsonParser parser, AssignmentDraft draft, byte[] message) {
    if (parser.nextToken() != JsonToken.START_OBJECT) {
      return "the message is not a JSON object";
    }
    new AssignmentReader(parser, message, draft).readMessage();
    return parser.nextToken() == null ? null : "the message has something after its JSON object";
  }

  /** The position, never the parser's own text, which may quote the payload. */
  private static String faultOf(JacksonException e) {
    String original = e.getOriginalMessage();
    String what =
        original != null && original.startsWith("Duplicate Object property")
            ? "has a duplicate key"
            : "is not JSON";
    return e.getLocation() == null
        ? "the message " + what
        : "the message " + what + " at byte " + e.getLocation().getByteOffset();
  }
}

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
 * Reads assignments and checks them against the rules of contract section 2. It parses a message
 * once, or twice if the message is nested too deep. The payload stays as it came. Thread-safe if
 * the predicate is.
 */
public final class AssignmentDecoder {

  /** The fault of a message that is nested deeper than {@link Json#MAX_DEPTH}. */
  static final String TOO_DEEP = "the message is nested deeper than " + Json.MAX_DEPTH;

  private final Predicate<String> supportedType;

  /**
   * Creates a decoder.
   *
   * @param supportedType whether a block has this {@code job.type}, a canonical name or an alias
   */
  public AssignmentDecoder(Predicate<String> supportedType) {
    this.supportedType = supportedType;
  }

  /**
   * Reads a message. Bad input is part of the result, never an exception.
   *
   * @param message any bytes; a valid assignment's payload shares them, so they must not change
   */
  public Decoded decode(byte[] message) {
    if (message.length > Json.MAX_MESSAGE_BYTES) {
      return new Decoded.Malformed(
          AssignmentIdentity.UNKNOWN,
          "the message is larger than " + Json.MAX_MESSAGE_BYTES + " bytes");
    }
    AssignmentDraft draft = new AssignmentDraft();
    String fault = parse(message, draft);
    if (fault == null) {
      return draft.decoded(supportedType);
    }
    if (fault.equals(TOO_DEEP)) {
      return decodeTooDeep(message, draft);
    }
    return malformed(message, draft, fault);
  }

  /**
   * Reads a message again without the values that are nested too deep, so that its sender gets an
   * ack. Those values are skipped without being checked.
   *
   * @param start the fields that came before the first such value
   */
  private Decoded decodeTooDeep(byte[] message, AssignmentDraft start) {
    byte[] shallow = DeepValues.blanked(message);
    if (shallow == null) {
      return new Decoded.Malformed(start.identity(), TOO_DEEP + " and is not JSON");
    }
    AssignmentDraft draft = new AssignmentDraft();
    draft.tooDeep = true;
    String fault = parse(shallow, draft);
    return fault == null ? draft.decoded(supportedType) : malformed(message, draft, fault);
  }

  private static Decoded malformed(byte[] message, AssignmentDraft draft, String fault) {
    return hasNul(message)
        ? new Decoded.Malformed(AssignmentIdentity.UNKNOWN, "the message has a NUL byte")
        : new Decoded.Malformed(draft.identity(), fault);
  }

  /** Parses a message into the draft. Returns its fault, or null if it is one JSON object. */
  private static @Nullable String parse(byte[] message, AssignmentDraft draft) {
    String fault = Json.faultOfEncoding(message);
    if (fault != null) {
      return fault;
    }
    try (JsonParser parser = Json.MESSAGES.createParser(ObjectReadContext.empty(), message)) {
      return read(parser, draft, message);
    } catch (StreamConstraintsException e) {
      return TOO_DEEP;
    } catch (JacksonException e) {
      return syntaxFault(e);
    }
  }

  /** A NUL byte usually means another encoding, so this fault is reported first. */
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

  /** Returns the fault with its position. The parser's own message may quote the payload. */
  private static String syntaxFault(JacksonException e) {
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

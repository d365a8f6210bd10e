package io.beamline.worker.contract.json;

import tools.jackson.core.JsonParser;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.io.IOContext;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.json.JsonFactoryBuilder;

/**
 * Makes parsers of bytes that pass over long strings quickly, as {@link MessageParser} says. The
 * bytes are UTF-8; no other encoding is detected. Thread-safe.
 */
final class MessageFactory extends JsonFactory {

  private static final long serialVersionUID = 1;

  /**
   * @param builder what the parsers accept; without the detection of other encodings
   */
  MessageFactory(JsonFactoryBuilder builder) {
    super(builder.disable(Feature.CHARSET_DETECTION));
  }

  @Override
  public MessageFactory copy() {
    return new MessageFactory(rebuild());
  }

  @Override
  protected Object readResolve() {
    return copy();
  }

  @Override
  protected JsonParser _createParser(
      ObjectReadContext context, IOContext io, byte[] bytes, int from, int length) {
    _checkRangeBoundsForByteArray(bytes, from, length);
    return new MessageParser(
        context,
        io,
        context.getStreamReadFeatures(_streamReadFeatures),
        context.getFormatReadFeatures(_formatReadFeatures),
        _byteSymbolCanonicalizer.makeChild(_factoryFeatures),
        bytes,
        from,
        from + length);
  }
}

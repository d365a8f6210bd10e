package io.beamline.worker.contract.json;

import io.beamline.worker.contract.ByteScan;
import io.beamline.worker.contract.Utf8Check;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.io.IOContext;
import tools.jackson.core.json.UTF8StreamJsonParser;
import tools.jackson.core.sym.ByteQuadsCanonicalizer;

/**
 * A parser of UTF-8 that passes over a string that nobody reads eight bytes at a time, where
 * Jackson looks at each byte. It accepts and refuses the same. Used by one thread.
 */
final class MessageParser extends UTF8StreamJsonParser {

  MessageParser(
      ObjectReadContext context,
      IOContext io,
      int features,
      int formatFeatures,
      ByteQuadsCanonicalizer names,
      byte[] bytes,
      int from,
      int to) {
    super(context, io, features, formatFeatures, null, names, bytes, from, to, 0, false);
  }

  /** Passes over the string at which this parser is, unless it was read. */
  void skipString() {
    if (_tokenIncomplete) {
      _skipString();
    }
  }

  @Override
  protected void _skipString() {
    for (int end = endOfRun(); end >= 0; end = endOfRun()) {
      _inputPtr = end + 1;
      if (_inputBuffer[end] == '"') {
        _tokenIncomplete = false;
        return;
      }
      char unused = _decodeEscaped();
    }
    // Jackson reports what is wrong, or is content where we are not.
    super._skipString();
  }

  /**
   * Returns the index of the next quote or backslash; -1 if what comes before it is not valid, or
   * if there is none.
   */
  private int endOfRun() {
    int end = ByteScan.special(_inputBuffer, _inputPtr, _inputEnd);
    boolean valid =
        end < _inputEnd
            && _inputBuffer[end] >= ' '
            && Utf8Check.isValid(_inputBuffer, _inputPtr, end);
    return valid ? end : -1;
  }
}

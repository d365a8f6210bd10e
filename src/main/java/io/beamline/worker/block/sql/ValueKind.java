package io.beamline.worker.block.sql;

import java.util.HexFormat;
import java.util.regex.Pattern;
import tools.jackson.core.JsonGenerator;

/** How a value becomes JSON, from the text that the database has for it. */
enum ValueKind {
  /** Exactly, with all digits. What JSON has no number for, such as NaN, is a string. */
  NUMBER {
    @Override
    void write(JsonGenerator json, String text) {
      if (JSON_NUMBER.matcher(text).matches()) {
        json.writeNumber(text);
      } else {
        SqlJson.text(json, text);
      }
    }
  },
  BOOLEAN {
    @Override
    void write(JsonGenerator json, String text) {
      json.writeBoolean(text.startsWith("t") || text.startsWith("T") || text.equals("1"));
    }
  },
  /** As it is. What is no JSON after all is a string. */
  JSON {
    @Override
    void write(JsonGenerator json, String text) {
      if (SqlJson.isValid(text)) {
        json.writeRawValue(text);
      } else {
        SqlJson.text(json, text);
      }
    }
  },
  /** A date, or a date with a time, without a zone. */
  LOCAL_TIME {
    @Override
    void write(JsonGenerator json, String text) {
      json.writeString(TimeText.local(text));
    }
  },
  /** A moment, in UTC. */
  INSTANT {
    @Override
    void write(JsonGenerator json, String text) {
      json.writeString(TimeText.instant(text));
    }
  },
  /** A time of the day with an offset. */
  TIME_WITH_ZONE {
    @Override
    void write(JsonGenerator json, String text) {
      json.writeString(TimeText.timeWithZone(text));
    }
  },
  /** Bytes, whose text is that of PostgreSQL: {@code \x} and hexadecimal digits. */
  HEX {
    @Override
    void write(JsonGenerator json, String text) {
      json.writeBinary(HexFormat.of().parseHex(text, 2, text.length()));
    }
  },
  TEXT {
    @Override
    void write(JsonGenerator json, String text) {
      SqlJson.text(json, text);
    }
  };

  private static final Pattern JSON_NUMBER =
      Pattern.compile("-?(?:0|[1-9][0-9]*)(?:\\.[0-9]+)?(?:[eE][+-]?[0-9]+)?");

  /** Writes one value. */
  abstract void write(JsonGenerator json, String text);
}

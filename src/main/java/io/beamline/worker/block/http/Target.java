package io.beamline.worker.block.http;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What errors and logs may say of a request: nothing else of it, neither path nor query nor header,
 * leaves the block. Immutable.
 *
 * @param method the method's name
 * @param host the host as the URL names it, in lower case, without port
 */
record Target(String method, String host) {

  /** Details of an error that begin with these and end with method and host. */
  Map<String, Object> details(Map<String, ?> first) {
    Map<String, Object> details = new LinkedHashMap<>(first);
    details.put("method", method);
    details.put("host", host);
    return details;
  }
}

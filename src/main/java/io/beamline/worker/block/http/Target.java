package io.beamline.worker.block.http;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The part of a request that errors and logs may show. Path, query and headers may contain secrets,
 * so they are left out. Immutable.
 *
 * @param method the method's name
 * @param host the host of the URL in lower case, without port
 */
record Target(String method, String host) {

  /** Returns error details: the given ones first, then method and host. */
  Map<String, Object> details(Map<String, ?> first) {
    Map<String, Object> details = new LinkedHashMap<>(first);
    details.put("method", method);
    details.put("host", host);
    return details;
  }
}

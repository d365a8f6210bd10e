package io.beamline.worker.block.http;

/**
 * The beginning of a URL: scheme, host and port. Immutable.
 *
 * @param length how many characters of the URL say it
 * @param prefix the same in ASCII, always with a port
 * @param host the host in canonical form ({@link Hosts#canonical})
 * @param port the port, 1 to 65535
 */
record UrlOrigin(int length, String prefix, String host, int port) {}

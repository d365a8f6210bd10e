package io.beamline.worker.bench.plain;

import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * What can be set.
 *
 * @param natsUrl where the server is
 * @param requestsAtOnce how many HTTP requests may be under way; positive
 */
@ConfigurationProperties("plain")
record PlainSettings(String natsUrl, int requestsAtOnce) {}

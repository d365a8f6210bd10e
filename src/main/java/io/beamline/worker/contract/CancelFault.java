package io.beamline.worker.contract;

/**
 * Why a message on the {@code cancel} subject is no request. Immutable.
 *
 * @param text the fault, without anything of the message
 */
public record CancelFault(String text) implements CancelMessage {}

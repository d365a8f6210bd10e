package io.beamline.worker.contract;

/** A message on the {@code cancel} subject: a request, or what is wrong with it. */
public sealed interface CancelMessage permits CancelRequest, CancelFault {}

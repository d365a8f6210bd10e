/**
 * Takes assignments from NATS. One thread, the {@code IntakeLoop}, reads a {@code MessageSource}:
 * the JetStream consumer, or a queue group of core NATS. The {@code AssignmentHandler} validates
 * each message and takes its flags. A valid assignment goes to {@code queue} as a step; its ack
 * goes to {@code result}, as do rejections and dead letters. A pause, a lack of memory and a drain
 * stop the loop.
 */
@NullMarked
package io.beamline.worker.intake;

import org.jspecify.annotations.NullMarked;

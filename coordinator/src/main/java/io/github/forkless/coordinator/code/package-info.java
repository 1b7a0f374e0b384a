/**
 * How a job and its values travel. {@link io.github.forkless.coordinator.code.Serialization} packs lambdas and jobs and says
 * what cannot travel; {@link io.github.forkless.coordinator.code.Packed} has the code that workers lack; {@link
 * io.github.forkless.coordinator.code.ResultTypes} says which classes results may be made of; {@link
 * io.github.forkless.coordinator.code.RunIdentity} says by what a journal knows a run again.
 */
package io.github.forkless.coordinator.code;

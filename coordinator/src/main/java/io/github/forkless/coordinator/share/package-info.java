/**
 * Where data of the program lies that a pool's workers read in place: {@link
 * io.github.forkless.coordinator.share.SharedFile} writes it, {@link io.github.forkless.coordinator.share.ShareFolder} says where.
 */
package io.github.forkless.coordinator.share;

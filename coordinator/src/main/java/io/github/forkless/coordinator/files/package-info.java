/** Files that are there whole or not at all: {@link io.github.forkless.coordinator.files.HiddenFile} is one in the making. */
package io.github.forkless.coordinator.files;

package io.github.forkless.coordinator.lab;

import java.time.Duration;
import java.util.Optional;

/**
 * What became of the neighbours of one misbehaviour.
 *
 * @param misbehaviour what a job did
 * @param where {@code threads} or {@code processes}
 * @param survived whether the program that holds the results lived on
 * @param results how many results of neighbours there were to be
 * @param kept how many of them there were in the end
 * @param recovery from the beginning of the harm until as many threads or workers as before gave results again; where the
 *     program had died, until it was started again and had as many results as were lost. Empty if that did not come, or
 *     nothing had to recover
 * @param needsRecovery whether something had to
 * @param longestPause of a neighbour that lived on; empty if none did
 * @param culprit how the job that misbehaved ended
 * @param others which part of all processors' time was others' meanwhile, from 0 to 1
 */
public record Consequence(
        Misbehaviour misbehaviour,
        String where,
        boolean survived,
        int results,
        int kept,
        boolean needsRecovery,
        Optional<Duration> recovery,
        Optional<Duration> longestPause,
        String culprit,
        double others) {}

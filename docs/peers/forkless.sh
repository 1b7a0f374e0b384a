#!/bin/sh
here=$(dirname "$0")
exec "$here/../../coordinator/bin/coordinator" --procs 2 --tasks 8 ${TIMEOUT:+--timeout "${TIMEOUT}s"} \
    ${JOURNAL:+--journal "$JOURNAL"} --job "$here/Task.java" numbers.bin

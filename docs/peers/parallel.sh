#!/bin/sh
# GNU parallel: a process for each task, whose output is the answer; as many tries as Forkless makes.
here=$(dirname "$0")
exec parallel --will-cite -j 2 --retries 3 ${TIMEOUT:+--timeout "$TIMEOUT"} ${JOURNAL:+--joblog "$JOURNAL" --resume} \
    "$PYTHON" "$here/task.py" ::: 0 1 2 3 4 5 6 7

#!/usr/bin/env bash
# Measures Groundplane: run.sh [NAME...] [--quick], run.sh report, or run.sh soak [ROUNDS]. Called by ./groundplane bench,
# which finds the JDK and builds. Makes a Python environment of its own on first use; --help says more.
set -euo pipefail

here=$(dirname "$(readlink -f "$0")")
venv=$here/.venv
wanted=$here/requirements.txt

: "${JAVA_HOME:?is not set; run ./groundplane bench, which sets it}"

# The fault tests, not two rounds of each but a hundred.
if [ "${1:-}" = soak ]; then
    export GROUNDPLANE_FAULT_ROUNDS=${2:-100}
    exec "$(dirname "$here")/groundplane" test --e2e -q -k faults
fi

# The copy is written last: a half-made environment is made again.
if ! cmp -s "$wanted" "$venv/requirements.txt" || ! "$venv/bin/python" -c '' 2>/dev/null; then
    echo 'bench: making the Python environment bench/.venv…' >&2
    python3 -m venv --clear "$venv"
    "$venv/bin/pip" install --quiet --disable-pip-version-check -r "$wanted"
    cp "$wanted" "$venv/requirements.txt"
fi

program=measure.py
if [ "${1:-}" = report ]; then
    program=report.py
    shift
fi
# Installations are started as the end-to-end tests start theirs.
PYTHONPATH=$(dirname "$here")/e2e exec "$venv/bin/python" "$here/$program" "$@"

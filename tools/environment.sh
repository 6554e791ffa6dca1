#!/bin/sh
# Brings .venv to the state of one lock file: tools/environment.sh requirements/product.lock
set -eu
if ! .venv/bin/python -m pip --version >/dev/null 2>&1; then
    python=$(sh tools/python.sh)
    echo "Making .venv with $($python --version)"
    "$python" -m venv --clear .venv
fi
echo "Installing $1"
.venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r "$1"

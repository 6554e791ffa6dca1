#!/bin/sh
# Prints the first usable Python: at least 3.11, with the parts that make a virtual environment.
for python in python3.11 python3.12 python3.13 python3 python3.14; do
    if "$python" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then
        echo "$python"
        exit 0
    fi
done
echo "No usable Python found: install Python 3.11 or newer with venv (on Debian: apt-get install python3 python3-venv)." >&2
exit 1

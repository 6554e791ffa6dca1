#!/bin/sh
# Installs the page assets named in package-lock.json.
set -eu
if ! command -v npm >/dev/null || ! node -e 'process.exit(Number(process.versions.node.split(".")[0]) < 20 ? 1 : 0)'; then
    echo "Node 20 or newer with npm is needed for the page assets: install it (https://nodejs.org) and run make again." >&2
    exit 1
fi
echo "Installing the page assets"
npm ci --no-audit --no-fund --ignore-scripts --loglevel=error

#!/bin/sh
# Makes sure of Chromium and a Chinese font for the browser tests; without the right to install them it says what to do.
missing=""
for name in chromium chromium-browser google-chrome google-chrome-stable ""; do
    [ -n "$name" ] || missing="chromium"
    [ -n "$name" ] && command -v "$name" >/dev/null && break
done
if ! command -v fc-list >/dev/null || [ -z "$(fc-list :lang=zh-cn 2>/dev/null)" ]; then
    missing="$missing fonts-noto-cjk"
fi
[ -n "$missing" ] || exit 0

advice="The browser tests need:$(printf ' %s' $missing). Install with: apt-get install $missing"
if ! command -v apt-get >/dev/null; then
    echo "$advice (or what your system calls them)" >&2
    exit 0
fi
as_root=""
if [ "$(id -u)" -ne 0 ]; then
    as_root="sudo -n"
    if ! sudo -n true 2>/dev/null; then
        echo "$advice" >&2
        exit 0
    fi
fi
echo "Installing $missing for the browser tests"
log=$(mktemp)
# shellcheck disable=SC2086  # both are lists of words
if ! { $as_root apt-get update && DEBIAN_FRONTEND=noninteractive $as_root apt-get install -y --no-install-recommends $missing; } >"$log" 2>&1 </dev/null; then
    tail -n 5 "$log" >&2
    echo "$advice" >&2
fi
rm -f "$log"

#!/bin/sh
# Sees to it that there is a Chromium for tests/browser: the system's own, never a download from elsewhere.
set -eu

for name in chromium chromium-browser google-chrome; do
  if command -v "$name" >/dev/null 2>&1; then exit 0; fi
done

if [ "$(id -u)" -eq 0 ] && command -v apt-get >/dev/null 2>&1; then
  echo "==> Installing Chromium for the tests in a browser (apt-get)"
  { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium; } >/dev/null || true
  command -v chromium >/dev/null 2>&1 && exit 0
fi

echo "The tests need Chromium, and it is not installed. Install it (Debian: sudo apt-get install chromium; macOS: brew install --cask chromium), then run make test again." >&2
exit 1

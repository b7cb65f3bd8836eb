#!/usr/bin/env bash
# Makes the pictures of the README from the project's own samples: docs/img/*.jpg.
# Needs what tests/run.sh installs, and a build: target/release/clearprint, or the one $CLEARPRINT names.
set -euo pipefail
cd "$(dirname "$0")/.."
CLEARPRINT=${CLEARPRINT:-target/release/clearprint}
[ -x "$CLEARPRINT" ] || { echo "no $CLEARPRINT; run cargo build --release first" >&2; exit 1; }
[ -d tests/browser/node_modules ] || (cd tests/browser && npm ci --no-audit --no-fund --loglevel=error)
mkdir -p docs/img
node tests/browser/gallery.mjs "$CLEARPRINT" docs/img

#!/usr/bin/env bash
# Installs the peers that only `npm run bench -- start` measures, below .clients/ and by their pins. One that cannot be had is left out there by name.
set -uo pipefail
cd "$(dirname "$0")/.."
exec </dev/null

ministack=ministack==1.5.33
venv=.clients/ministack
if [ "$(cat "$venv/pins" 2>/dev/null)" != "$ministack" ]; then
  python3 -m venv "$venv" &&
    timeout 600 "$venv/bin/pip" install --quiet --no-input --retries 1 --timeout 20 "$ministack" &&
    echo "$ministack" >"$venv/pins"
fi

if command -v go >/dev/null && [ ! -x .clients/go/bin/registry ]; then
  GOBIN=$PWD/.clients/go/bin timeout 900 go install github.com/distribution/distribution/v3/cmd/registry@v3.1.1
fi
exit 0

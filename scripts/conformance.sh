#!/usr/bin/env bash
# Installs the conformance suite of the OCI distribution specification below .clients/, kept by its pin. With `report` it also asks
# `ecrkit local` out of dist/ with it, and writes docs/oci-conformance.md and .yaml anew. Where it cannot be had, the tests are skipped by name.
set -uo pipefail
cd "$(dirname "$0")/.."
exec </dev/null

# A nested module without a tag of its own; this is the newest commit that Go's module proxy has.
pin=github.com/opencontainers/distribution-spec/conformance@v0.0.0-20260831232431-97274622c111
bin=$PWD/.clients/go/bin
log=.clients/conformance.log
mkdir -p "$bin"

is_ready() {
  [ -x "$bin/conformance" ] && go version -m "$bin/conformance" 2>>"$log" |
    awk -v path="${pin%@*}" -v version="${pin#*@}" \
      '$1 == "mod" { found = $2 == path && $3 == version } END { exit !found }'
}

if ! command -v go >/dev/null; then
  echo "clients: conformance skipped (Go is not installed)"
elif is_ready || GOBIN=$bin timeout 600 go install "$pin" >"$log" 2>&1; then
  echo "clients: conformance ready"
else
  rm -f "$bin/conformance"
  echo "clients: conformance skipped (could not be installed; see $log)"
fi

if [ "${1:-}" = report ]; then
  exec npx vitest run --config vitest.e2e.config.ts test/e2e/conformance.test.ts --update
fi

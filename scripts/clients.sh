#!/usr/bin/env bash
# Installs the real clients and peers that the end-to-end tests and the benches drive, where they are missing.
# Debian's packages go to the system; Python's and Go's below .clients/, each kept by its pin. A client that cannot be had
# is named as skipped, and this script still succeeds: the tests and the benches say again what they had to leave out.
set -uo pipefail
cd "$(dirname "$0")/.."
exec </dev/null

venv=.clients/venv
python_pins=(boto3==1.44.5 "moto[server]==5.2.5")
go_bin=$PWD/.clients/go/bin
go_pins=(
  github.com/google/go-containerregistry/cmd/crane@v0.21.9
  github.com/regclient/regclient/cmd/regctl@v0.11.5
  oras.land/oras/cmd/oras@v1.3.3
)
log=.clients/install.log
mkdir -p .clients
: >"$log"

# Debian's own path is asked for `aws`: on the PATH a Python shim of another, older CLI may come first.
missing_packages() {
  [ -x /usr/bin/aws ] || echo awscli
  command -v dockerd >/dev/null || echo docker.io
  command -v ctr >/dev/null || echo containerd
  local program
  for program in skopeo buildah podman docker-registry redis-server wrk; do
    command -v "$program" >/dev/null || echo "$program"
  done
}

# RUNLEVEL=1 keeps the packages of servers from starting a service of their own.
install_packages() {
  [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null || return 0
  export DEBIAN_FRONTEND=noninteractive RUNLEVEL=1
  local patience=(-o Acquire::Retries=1 -o Acquire::http::Timeout=20 -o DPkg::Lock::Timeout=300)
  timeout 300 apt-get "${patience[@]}" -q update >>"$log" 2>&1
  # All in one run; when that fails, one at a time, so that one missing package does not cost the others.
  timeout 900 apt-get "${patience[@]}" -qy --no-install-recommends install "$@" >>"$log" 2>&1 && return 0
  local package
  for package in "$@"; do
    timeout 300 apt-get "${patience[@]}" -qy --no-install-recommends install "$package" >>"$log" 2>&1
  done
  return 0
}

python_is_ready() {
  [ "$(cat "$venv/pins" 2>/dev/null)" = "${python_pins[*]}" ] &&
    "$venv/bin/python" -c 'import boto3, moto' >>"$log" 2>&1
}

install_python() {
  rm -rf "$venv"
  if ! python3 -m venv "$venv" >>"$log" 2>&1; then
    install_packages python3-venv
    python3 -m venv "$venv" >>"$log" 2>&1 || return 0
  fi
  timeout 600 "$venv/bin/pip" install --quiet --no-input --retries 1 --timeout 20 "${python_pins[@]}" >>"$log" 2>&1 &&
    echo "${python_pins[*]}" >"$venv/pins"
}

# A program that Go built says itself what it was built from.
go_is_ready() {
  local program=$go_bin/$(basename "${1%@*}")
  [ -x "$program" ] && go version -m "$program" 2>>"$log" |
    awk -v package="${1%@*}" -v version="${1#*@}" \
      '$1 == "path" { path = $2 } $1 == "mod" { mod = $3 } END { exit !(path == package && mod == version) }'
}

# Go uses every core for one program: one after the other.
install_go() {
  command -v go >/dev/null || return 0
  local pin
  for pin in "${go_pins[@]}"; do
    go_is_ready "$pin" || GOBIN=$go_bin timeout 600 go install "$pin" >>"$log" 2>&1 ||
      rm -f "$go_bin/$(basename "${pin%@*}")"
  done
}

report() {
  local name=$1 path=$2
  if [ -n "$path" ] && [ -x "$path" ]; then
    echo "clients: $name ready"
  else
    echo "clients: $name skipped (could not be installed; see $log)"
  fi
}

# Debian's packages wait for the network, Go's programs for the cores: side by side.
install_go &
go_job=$!
mapfile -t missing < <(missing_packages)
[ ${#missing[@]} -eq 0 ] || install_packages "${missing[@]}"
python_is_ready || install_python
wait "$go_job"

report aws /usr/bin/aws
for program in dockerd ctr skopeo buildah podman docker-registry redis-server wrk; do
  report "$program" "$(command -v "$program")"
done
for pin in "${go_pins[@]}"; do report "$(basename "${pin%@*}")" "$go_bin/$(basename "${pin%@*}")"; done
report boto3 "$([ -f $venv/pins ] && echo $venv/bin/python)"
report moto_server "$([ -f $venv/pins ] && echo $venv/bin/moto_server)"
bash scripts/conformance.sh

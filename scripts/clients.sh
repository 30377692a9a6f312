#!/usr/bin/env bash
# Installs the real clients and peers that the end-to-end tests and the benches drive, where they are missing.
# Debian's packages go to the system, Python's to a private environment in .clients/. A client that cannot be had is
# named as skipped, and this script still succeeds: the tests and the benches say again what they had to leave out.
set -uo pipefail
cd "$(dirname "$0")/.."
exec </dev/null

venv=.clients/venv
pins=(boto3==1.44.5 "moto[server]==5.2.5")
log=.clients/install.log
mkdir -p .clients
: >"$log"

# Debian's own path is asked for `aws`: on the PATH a Python shim of another, older CLI may come first.
missing_packages() {
  [ -x /usr/bin/aws ] || echo awscli
  command -v skopeo >/dev/null || echo skopeo
  command -v docker-registry >/dev/null || echo docker-registry
  command -v wrk >/dev/null || echo wrk
}

# RUNLEVEL=1 keeps docker-registry's package from starting a service of its own.
install_packages() {
  [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null || return 0
  export DEBIAN_FRONTEND=noninteractive RUNLEVEL=1
  local patience=(-o Acquire::Retries=1 -o Acquire::http::Timeout=20)
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
  [ "$(cat "$venv/pins" 2>/dev/null)" = "${pins[*]}" ] && "$venv/bin/python" -c 'import boto3, moto' >>"$log" 2>&1
}

install_python() {
  rm -rf "$venv"
  if ! python3 -m venv "$venv" >>"$log" 2>&1; then
    install_packages python3-venv
    python3 -m venv "$venv" >>"$log" 2>&1 || return 0
  fi
  timeout 600 "$venv/bin/pip" install --quiet --no-input --retries 1 --timeout 20 "${pins[@]}" >>"$log" 2>&1 &&
    echo "${pins[*]}" >"$venv/pins"
}

report() {
  local name=$1 path=$2
  if [ -n "$path" ] && [ -x "$path" ]; then
    echo "clients: $name ready"
  else
    echo "clients: $name skipped (could not be installed; see $log)"
  fi
}

mapfile -t missing < <(missing_packages)
[ ${#missing[@]} -eq 0 ] || install_packages "${missing[@]}"
python_is_ready || install_python

report aws /usr/bin/aws
report skopeo "$(command -v skopeo)"
report docker-registry "$(command -v docker-registry)"
report wrk "$(command -v wrk)"
report boto3 "$([ -f $venv/pins ] && echo $venv/bin/python)"
report moto_server "$([ -f $venv/pins ] && echo $venv/bin/moto_server)"

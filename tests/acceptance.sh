#!/usr/bin/env bash
# Starts the stand-in for the sources and a registry with empty data, runs the acceptance suite of
# ../shared against it, and ends both. Arguments go to the suite; without any, it is run twice: in
# full, and once more with weights of their real sizes, which are not fetched then, to compare the
# ratings with published ones.
set -euo pipefail
cd "$(dirname "$0")/.."
what=tools/acceptance.py
source tests/stand_in.sh

start() { # SCALE MIRROR
  start_sources python3 "$shared/tools/upstream_server.py" --port 0 --scale "$1"
  export REGISTRY_MIRROR="$2"
  start_registry
}
suite() {
  python3 "$shared/$what" --base-url "http://127.0.0.1:$PORT" --wait-ready 120 "$@"
}
judged() { # options of the verdict, --, options of the suite
  local verdict=()
  while [[ $1 != -- ]]; do verdict+=("$1"); shift; done
  shift
  suite --json "$folder/result.json" "$@" > "$folder/report.txt" &&
    python3 tests/acceptance_verdict.py "$folder/result.json" "${verdict[@]}"
}
fail() {
  cat "$folder/report.txt" 2> /dev/null || true
  echo "The registry's last words:"
  tail -n 40 "$folder/registry.log"
  exit 1
}

start 0.001 always
if (($#)); then
  suite "$@" || fail
  exit 0
fi
judged -- --front-page --no-reference --min-points 322 || fail
stop
start 1 never
judged --reference -- --groups setup,upload,attributes,reference || fail

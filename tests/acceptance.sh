#!/usr/bin/env bash
# Starts the stand-in for the sources and a registry with empty data, runs the acceptance suite of
# ../shared against it, and ends both. Arguments go to the suite; without any, it is run twice: in
# full, and once more with weights of their real sizes, which are not fetched then, to compare the
# ratings with published ones.
set -euo pipefail
cd "$(dirname "$0")/.."
tools=$(realpath ../shared/tools 2> /dev/null || true)
if [[ ! -f $tools/acceptance.py ]]; then
  echo "skipped: ../shared/tools is not here, so there is no acceptance suite to run"
  exit 0
fi
folder=$(mktemp -d)
pids=()
stop() {
  for pid in "${pids[@]}"; do kill "$pid" 2> /dev/null || true; done
  for pid in "${pids[@]}"; do wait "$pid" 2> /dev/null || true; done
  pids=()
}
trap 'stop; rm -rf "$folder"' EXIT
free_port() { python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }

start() { # SCALE MIRROR
  python3 "$tools/upstream_server.py" --port 0 --scale "$1" > "$folder/upstream.env" &
  pids+=($!)
  for _ in $(seq 300); do
    grep -q ready "$folder/upstream.env" && break
    sleep 0.1
  done
  eval "$(cat "$folder/upstream.env")"
  rm -rf "$folder/data"
  export PORT REGISTRY_DATA_DIR="$folder/data" GITHUB_TOKEN=stand-in HF_TOKEN=stand-in REGISTRY_MIRROR="$2"
  PORT=$(free_port)
  .venv/bin/python manage.py serve > "$folder/registry.log" 2>&1 &
  pids+=($!)
}
suite() {
  python3 "$tools/acceptance.py" --base-url "http://127.0.0.1:$PORT" --wait-ready 120 "$@"
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

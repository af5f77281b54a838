#!/usr/bin/env bash
# Starts the stand-in for the sources and a registry with empty data, runs the acceptance suite of
# ../shared against it, and ends both. Arguments go to the suite; without any, the groups that are
# built are run, and any failure is an error unless it is about an operation that answers 501.
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
  rm -rf "$folder"
}
trap stop EXIT
free_port() { python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }

python3 "$tools/upstream_server.py" --port 0 --scale 0.001 > "$folder/upstream.env" &
pids+=($!)
for _ in $(seq 300); do
  grep -q ready "$folder/upstream.env" && break
  sleep 0.1
done
eval "$(cat "$folder/upstream.env")"
export PORT REGISTRY_DATA_DIR="$folder/data" GITHUB_TOKEN=stand-in HF_TOKEN=stand-in
PORT=$(free_port)
.venv/bin/python manage.py serve > "$folder/registry.log" 2>&1 &
pids+=($!)
suite() { python3 "$tools/acceptance.py" --base-url "http://127.0.0.1:$PORT" --wait-ready 120 "$@"; }
built() {
  suite --groups setup,upload,regex,read,download,delete,front-page,contract,identity \
    --front-page --no-reference --min-points 128 --json "$folder/result.json" > "$folder/report.txt" &&
    python3 tests/acceptance_verdict.py "$folder/result.json"
}
if (($#)); then run=(suite "$@"); else run=(built); fi
if ! "${run[@]}"; then
  cat "$folder/report.txt" 2> /dev/null || true
  echo "The registry's last words:"
  tail -n 40 "$folder/registry.log"
  exit 1
fi

# Sourced by the scripts that try a whole registry on the recorded sources of ../shared. They set
# `what` to the file that they need. Starts servers on free ports and ends them by their process ids.
shared=$(realpath ../shared 2> /dev/null || true)
if [[ ! -f $shared/$what ]]; then
  echo "skipped: ../shared/$what is not here"
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

start_sources() { # COMMAND ...: it prints the settings that lead to it, and then "ready"
  "$@" > "$folder/upstream.env" &
  pids+=($!)
  for _ in $(seq 300); do
    grep -q ready "$folder/upstream.env" && break
    sleep 0.1
  done
  eval "$(cat "$folder/upstream.env")"
  export GITHUB_TOKEN=stand-in HF_TOKEN=stand-in
}
start_registry() { # with empty data
  rm -rf "$folder/data"
  export PORT REGISTRY_DATA_DIR="$folder/data"
  PORT=$(free_port)
  .venv/bin/python manage.py serve > "$folder/registry.log" 2>&1 &
  pids+=($!)
}

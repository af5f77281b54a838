#!/usr/bin/env bash
# Starts the stand-in with the recorded models of ../shared and those of its cases, with weights of
# their real sizes, which are not fetched, and prints how verdicts and scores spread over them.
set -euo pipefail
cd "$(dirname "$0")/.."
what=tools/upstream_server.py
source tests/stand_in.sh
# The recorded ones first: they decide.
roots=("$shared/upstream" "$shared"/cases/*/*/world)
options=()
models=()
for root in "${roots[@]}"; do
  options+=(--root "$root")
  if [[ -d $root/hub/models ]]; then models+=("$root/hub/models"); fi
done
start_sources python3 "$shared/$what" --port 0 --scale 1 --missing 404 "${options[@]}"
export DJANGO_SETTINGS_MODULE=registry_site.settings.development
export REGISTRY_DATA_DIR="$folder/data" REGISTRY_MIRROR=never REGISTRY_TASKS=worker LOG_LEVEL=error
.venv/bin/python -m tests.trust.bench "${models[@]}"

#!/usr/bin/env bash
# Starts the stand-in with the data of ../shared/cases and a registry with empty data, and tries the
# cases of faults that people met. Arguments go to the runner; without any, it is given the groups
# whose kinds are ended. `--own` leaves out those that install an S3 server of somebody else's.
set -euo pipefail
cd "$(dirname "$0")/.."
what=cases/run.py
source tests/stand_in.sh
groups=(security stack sources trust)

names() { # every case of the groups that needs no server of somebody else's
  local foreign
  foreign=$(grep -lR --include=case.py "caselib.s3" "$shared/cases" || true)
  for group in "${groups[@]}"; do
    for case in "$shared/cases/$group"/*/; do
      [[ $foreign == *"${case}case.py"* ]] || printf -- '--only %s ' "$(basename "$case")"
    done
  done
}
options=("$@")
if ((!$#)); then
  options=(--groups "$(IFS=,; echo "${groups[*]}")")
elif [[ $1 == --own ]]; then
  read -ra options <<< "$(names)"
fi
start_sources python3 "$shared/cases/serve.py"
start_registry
for _ in $(seq 600); do
  curl -fsS -o /dev/null "http://127.0.0.1:$PORT/health" 2> /dev/null && break
  sleep 0.2
done
python3 "$shared/$what" --base-url "http://127.0.0.1:$PORT" --project . --registry-log "$folder/registry.log" "${options[@]}"

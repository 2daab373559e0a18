#!/usr/bin/env bash
# One issue reports the nightly checks: opened or updated when a part fails, closed when all pass.
#   report_issue.sh FOLDER PART=OUTCOME …
# FOLDER/PART.txt holds what a part printed; OUTCOME is success, failure, cancelled or skipped.
set -euo pipefail

folder=$1
shift
title="Nightly checks failed"

heading() {
  case $1 in
    pins) echo "The installation of the locked packages" ;;
    tests) echo "The tests" ;;
    links) echo "The build of the site with its links" ;;
    *) echo "$1" ;;
  esac
}

# The findings in what a part printed, or else its end; not more than an issue can hold with the other parts.
excerpt() {
  local found
  found=$(grep -E '^(WARNING|ERROR|FAILED)' "$1") || found=$(tail -n 40 "$1")
  echo "${found:0:12000}"
  if [ ${#found} -gt 12000 ]; then echo "… and more: see the log of the run."; fi
}

body=$(mktemp)
for part in "$@"; do
  name=${part%%=*}
  outcome=${part#*=}
  [ "$outcome" != success ] || continue
  printf '## %s\n\n' "$(heading "$name")" >> "$body"
  if [ "$outcome" = skipped ]; then
    printf 'Not run, because a step before it failed.\n\n' >> "$body"
  elif [ -s "$folder/$name.txt" ]; then
    printf '~~~~text\n%s\n~~~~\n\n' "$(excerpt "$folder/$name.txt")" >> "$body"
  else
    printf 'It printed nothing. The log of the run may say more.\n\n' >> "$body"
  fi
done

# Only an issue that a workflow opened: anyone may open one of the same title.
number=$(gh issue list --state open --app github-actions --search "in:title \"$title\"" --json number,title \
  --jq "map(select(.title == \"$title\")) | .[0].number // empty")

if [ ! -s "$body" ]; then
  if [ -n "$number" ]; then
    gh issue close "$number" --comment "All checks pass again."
  fi
elif [ -n "$number" ]; then
  gh issue edit "$number" --body-file "$body"
else
  gh issue create --title "$title" --body-file "$body"
fi

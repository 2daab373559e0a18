#!/usr/bin/env bash
# One issue holds the nightly report: opened or renewed when something fails, closed when all is well.
#   report_issue.sh success|failure report.txt
set -euo pipefail

outcome=$1
report=$2
title="Links that need a look"

number=$(gh issue list --state open --search "in:title \"$title\"" --json number --jq '.[0].number // empty')

if [ "$outcome" = success ]; then
  if [ -n "$number" ]; then
    gh issue close "$number" --comment "All links answer again."
  fi
  exit 0
fi

body=$(mktemp)
{
  echo "The nightly build found these. Each line names the file and the line to mend."
  echo
  echo '```text'
  # Only the findings, and not more than an issue can hold.
  grep -E '^(WARNING|ERROR)' "$report" | head -c 50000 || tail -n 50 "$report"
  echo '```'
} > "$body"

if [ -n "$number" ]; then
  gh issue edit "$number" --body-file "$body"
else
  gh issue create --title "$title" --body-file "$body"
fi

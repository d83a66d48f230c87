#!/usr/bin/env bash
set -euo pipefail
cd "$(dirname "$0")"

usage() {
  cat <<'TEXT'
./test.sh                    everything: builds with analyzers, runs all tests
./test.sh --fast [NAME ...]  the inner loop: without analyzers, only the unit and functional tests of what is named
                             (Leads, Identity, Gateway, ...; Browser; all but what starts whole systems when nothing is named)
./test.sh --help             this text

LEADCRM_REAL_DATA=DIR        uses the real files in DIR where a test has a use for them
The last line says: N passed, N failed[, N skipped]
TEXT
}

fast=no names=()
while [ $# -gt 0 ]; do
  case $1 in
    --fast) fast=yes ;;
    --help | -h) usage; exit 0 ;;
    -*) echo "Unknown option $1" >&2; usage >&2; exit 2 ;;
    *) names+=("$1") ;;
  esac
  shift
done

steps=4
. tools/prerequisites.sh

# These start whole systems, so they run alone and only in the full run, or by name.
heavy="AppHost EndToEnd"
configuration=$([ $fast = yes ] && echo Debug || echo Release)

projects=()
for file in tests/LeadCrm.*.Tests/LeadCrm.*.Tests.csproj; do
  name=$(basename "$file" .Tests.csproj); name=${name#LeadCrm.}
  if [ ${#names[@]} -gt 0 ]; then
    for wanted in "${names[@]}"; do [ "${wanted,,}" != "${name,,}" ] || projects+=("$name"); done
  elif [ $fast = no ] || [[ " $heavy " != *" $name "* ]]; then
    projects+=("$name")
  fi
done
# What people do in a browser: of the full run, and by name.
browser=no
[ $fast = yes ] || [ ${#names[@]} -gt 0 ] || browser=yes
for wanted in "${names[@]}"; do [ "${wanted,,}" != browser ] || browser=yes; done
[ $browser = yes ] || [ ${#projects[@]} -gt 0 ] || fail "No test project is called ${names[*]}."

step "Checking .NET, Node, RabbitMQ and Chromium"
check_tools
install_rabbitmq
[ $browser = no ] || install_chromium

results=$(mktemp -d "${TMPDIR:-/tmp}/leadcrm-tests.XXXXXX")
chmod 711 "$results"   # PostgreSQL's own account must get through when this is root
servers=""
finish() {
  [ -z "$servers" ] || { exec {servers_input}>&-; wait "$servers" 2> /dev/null || true; }
  rm -rf "$results"
}
trap finish EXIT
trap 'exit 130' INT TERM HUP

lock_build
step "Installing PostgreSQL and the web client (npm)"
install_npm_packages
build_web_client
[ $browser = no ] || npm_install tests/browser

log=$results/build.log
if [ $fast = yes ]; then
  step "Building ${projects[*]}$([ $browser = no ] || echo ' and the system') without analyzers"
  # The end-to-end tests build every program of the system, which the browser needs as well.
  for name in "${projects[@]}" $([ $browser = no ] || echo EndToEnd); do
    project=tests/LeadCrm.$name.Tests
    { [ -e "$project/obj/project.assets.json" ] || dotnet restore "$project" -v q; } > "$log" 2>&1 \
      && dotnet build "$project" -c $configuration -v q -p:RunAnalyzers=false --no-restore > "$log" 2>&1 \
      || dotnet build "$project" -c $configuration -v q -p:RunAnalyzers=false > "$log" 2>&1 \
      || { grep -E 'error' "$log" | sort -u | head -40; fail "The build failed."; }
  done
else
  step "Building with analyzers"
  dotnet restore LeadCrm.sln --locked-mode -v q > "$log" 2>&1 \
    || { grep -E 'error' "$log" | sort -u | head -20; fail "The packages could not be restored as the lock files say." "dotnet restore LeadCrm.sln --force-evaluate (then commit the lock files)"; }
  dotnet build LeadCrm.sln -c $configuration --no-restore -v q > "$log" 2>&1 \
    || { grep -E 'error|warn' "$log" | sort -u | head -40; fail "The build failed."; }
fi
unlock_build

step "Testing ${projects[*]}$([ $browser = no ] || echo ' Browser')"
# One PostgreSQL server and one RabbitMQ node for the whole run. Their host stops when its input is closed: that happens at the end,
# and also when this script is killed.
host=LeadCrm.AppHost/bin/$configuration/net10.0/LeadCrm.AppHost.dll
[ -e $host ] || dotnet build LeadCrm.AppHost -c $configuration -v q -p:RunAnalyzers=false > "$log" 2>&1 || { cat "$log"; fail "The build failed."; }
exec {servers_input}> >(exec dotnet exec $host --test-servers --no-fsync --stop-with-stdin --data "$results/servers" > "$results/servers.log" 2>&1)
servers=$!
deadline=$((SECONDS + 180))
until grep -q '"ready": true' "$results/servers/state.json" 2> /dev/null; do
  kill -0 $servers 2> /dev/null && [ $SECONDS -lt $deadline ] || { cat "$results/servers.log"; fail "The test servers did not start."; }
  sleep 0.2
done
export LEADCRM_TEST_SERVERS=$results/servers
# Others may be testing or running here too; failures must not come from a deadline that a busy machine misses.
limit=$([ $fast = yes ] && echo 15m || echo 40m)

run() {
  local name=$1 program=tests/LeadCrm.$1.Tests/bin/$configuration/net10.0/LeadCrm.$1.Tests.dll began=$SECONDS
  timeout -k 30 $limit dotnet exec "$program" -noLogo -noColor -maxThreads 4 < /dev/null > "$results/$name.log" 2>&1 || true
  local summary; summary=$(grep -E ' Total: [0-9]+, Errors: ' "$results/$name.log" | tail -1) || true
  if [ -z "$summary" ]; then
    tail -60 "$results/$name.log"
    echo "    $name: did not finish"
    echo "0 1 0" > "$results/$name.count"
    return
  fi
  local total errors failed skipped
  read -r total errors failed skipped <<< "$(sed -E 's/.*Total: ([0-9]+), Errors: ([0-9]+), Failed: ([0-9]+), Skipped: ([0-9]+).*/\1 \2 \3 \4/' <<< "$summary")"
  echo "$((total - failed - skipped)) $((failed + errors)) $skipped" > "$results/$name.count"
  grep -E '\[SKIP\]' -A1 "$results/$name.log" | sed 's/^/    /' || true
  echo "    $name: $((total - failed - skipped)) passed, $((failed + errors)) failed, $skipped skipped in $((SECONDS - began)) s"
}

# Two at a time on two cores; what starts whole systems runs alone, afterwards.
for name in "${projects[@]}"; do
  [[ " $heavy " != *" $name "* ]] || continue
  while [ "$(jobs -rp | wc -l)" -ge 2 ]; do wait -n || true; done
  { exec {servers_input}>&-; run "$name"; } &
done
for job in $(jobs -rp); do wait "$job" || true; done
for name in "${projects[@]}"; do
  [[ " $heavy " != *" $name "* ]] || run "$name"
done

# One system for all of them, on a data folder and ports of its own, until its input is closed.
run_in_browser() {
  local data=$results/browser began=$SECONDS system input chromium
  chromium=$(find_chromium)
  if [ -z "$chromium" ]; then
    echo "    Browser: there is no Chromium on this machine"
    echo "0 0 1" > "$results/Browser.count"
    return
  fi
  exec {input}> >(exec {servers_input}>&-; exec dotnet exec $host --data "$data" --no-dashboard --no-fsync --sample-users --stop-with-stdin > "$results/Browser.system.log" 2>&1)
  system=$!
  local deadline=$((SECONDS + 180))
  until grep -q '"ready": true' "$data/state.json" 2> /dev/null || ! kill -0 $system 2> /dev/null || [ $SECONDS -ge $deadline ]; do sleep 0.2; done
  ( cd tests/browser && LEADCRM_DATA=$data LEADCRM_CHROMIUM=$chromium LEADCRM_BROWSER_RESULTS=$results/browser-results timeout -k 30 30m npx playwright test ) > "$results/Browser.log" 2>&1 < /dev/null || true
  exec {input}>&-
  wait $system 2> /dev/null || true
  node -e 'const { expected, unexpected, flaky, skipped } = require(process.argv[1]).stats; console.log(expected + flaky, unexpected, skipped); if (flaky) console.error(`    Browser: ${flaky} unsteady, failed once and passed alone (named in TestResults/Browser.log)`)' \
    "$results/browser-results/results.json" > "$results/Browser.count" || echo "0 1 0" > "$results/Browser.count"
  read -r passed failed skipped < "$results/Browser.count"
  [ "$failed" = 0 ] || grep -vE '^ *(✓|ok) ' "$results/Browser.log" | tail -80 | cut -c1-400
  echo "    Browser: $passed passed, $failed failed, $skipped skipped in $((SECONDS - began)) s"
}
[ $browser = no ] || run_in_browser

# What failed and why, without what the started programs wrote in between.
failures() {
  grep -vE '^[a-z0-9-]+ +\| ' "$1" | awk '/\[(FAIL|ERROR)\]/ { show = 40 } /\[(SKIP|PASS)\]|=== TEST|Finished:/ { show = 0 } show-- > 0' | cut -c1-400
}

# What fails once may have met a busy machine, and a failure must not be lost either: everything that failed runs once more, alone, at the end.
# What passes then is counted as passed and named as unsteady; many failures are no accident and are not repeated.
unsteady=()
for name in "${projects[@]}"; do
  read -r project_passed project_failed project_skipped < "$results/$name.count"
  [ "$project_failed" -gt 0 ] || continue
  echo; echo "$name, what failed:"; failures "$results/$name.log"
  mapfile -t methods < <(sed -nE 's/^ +([A-Za-z0-9_.+]+)(\(.*)? \[FAIL\].*/\1/p' "$results/$name.log" | sort -u)
  [ ${#methods[@]} -gt 0 ] && [ ${#methods[@]} -le 5 ] || continue
  filters=(); for method in "${methods[@]}"; do filters+=(-method "$method"); done
  echo "$name, the same again, alone:"
  if timeout -k 30 10m dotnet exec "tests/LeadCrm.$name.Tests/bin/$configuration/net10.0/LeadCrm.$name.Tests.dll" \
      -noLogo -noColor -maxThreads 1 "${filters[@]}" < /dev/null > "$results/$name.again.log" 2>&1 \
      && grep -qE ' Total: [1-9]' "$results/$name.again.log"; then
    echo "    passed"
    unsteady+=("${methods[@]}")
    echo "$((project_passed + project_failed)) 0 $project_skipped" > "$results/$name.count"
  else
    failures "$results/$name.again.log"
  fi
done
[ ${#unsteady[@]} = 0 ] || { echo; echo "Unsteady, failed once and passed alone:"; printf '    %s\n' "${unsteady[@]}"; }

read -r passed failed skipped <<< "$(cat "$results"/*.count | awk '{ p += $1; f += $2; s += $3 } END { print p, f, s }')"
mkdir -p TestResults && cp "$results"/*.log TestResults/
[ ! -d "$results/browser-results" ] || { rm -rf TestResults/browser && cp -r "$results/browser-results" TestResults/browser; }
finish; trap - EXIT
[ "$skipped" = 0 ] && echo "$passed passed, $failed failed" || echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" = 0 ]

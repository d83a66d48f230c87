#!/usr/bin/env bash
set -euo pipefail
cd "$(dirname "$0")"

usage() {
  cat <<'TEXT'
./run.sh [options]        starts LeadCrm; Ctrl-C stops it

  --data DIR          where everything is kept (default: .leadcrm; or LEADCRM_DATA). Another folder is another installation:
                      it has its own data, ports and passwords, and may run at the same time
  --reset             deletes that folder's data first
  --replicas N        every service and the gateway in N copies, 1 to 8 (default: 1; each more takes about 900 MB of memory)
  --no-dashboard      without the Aspire dashboard (saves about 300 MB of memory)
  --telemetry URL     sends traces, metrics and logs to a collector of yours (OTLP over gRPC), without the dashboard
  --no-sample-data    without sample users and sample records
  --sample-users      with sample users, without sample records
  --backup DIR        backs up what runs with the data folder to DIR, under its writes, and ends; from then on what is written goes there too
    --keep N          so many base back-ups are kept (default: 3)
  --restore DIR       starts with what was backed up to DIR: all of it, or as it was at a point in time
    --until TIME      that point, such as 2026-11-27T11:00:00Z
    --force           replaces what the data folder holds (which is put aside)
  --reconcile         has the services that run with the data folder agree again, when the broker has lost its messages, and ends
  --check             only says where they do not agree, and ends
  --build             only builds, and says last into which folder
  --aspire            on Aspire's own host instead: PostgreSQL and RabbitMQ as containers, which takes Docker or Podman and
                      Aspire's packages. Of the options above, --replicas, --no-sample-data and --sample-users hold there too
  --help              this text
TEXT
}

data=${LEADCRM_DATA:-.leadcrm} reset=no sample=yes aspire=no options=() command=Starting
while [ $# -gt 0 ]; do
  case $1 in
    --data) [ $# -ge 2 ] || { echo "--data needs a folder" >&2; exit 2; }; data=$2; shift ;;
    --reset) reset=yes ;;
    --replicas) [[ ${2:-} =~ ^[1-8]$ ]] || { echo "--replicas is a number from 1 to 8" >&2; exit 2; }; options+=(--replicas "$2"); shift ;;
    --aspire) aspire=yes ;;
    --no-dashboard) options+=(--no-dashboard) ;;
    --telemetry) [ $# -ge 2 ] || { echo "--telemetry needs a URL" >&2; exit 2; }; options+=(--telemetry "$2"); shift ;;
    --no-sample-data) sample=no ;;
    --sample-users) sample=users ;;
    --backup) [ $# -ge 2 ] || { echo "--backup needs a folder" >&2; exit 2; }; options+=(--backup "$(realpath -m "$2")") command="Backing up"; shift ;;
    --restore) [ $# -ge 2 ] || { echo "--restore needs a folder" >&2; exit 2; }; options+=(--restore "$(realpath -m "$2")"); sample=no; shift ;;
    --keep | --until) [ $# -ge 2 ] || { echo "$1 needs a value" >&2; exit 2; }; options+=("$1" "$2"); shift ;;
    --force) options+=(--force) ;;
    --build) command=build steps=3 ;;
    --reconcile) options+=(--reconcile) command="Reconciling" ;;
    --check) options+=(--check) command="Comparing" ;;
    --help | -h) usage; exit 0 ;;
    *) echo "Unknown option $1" >&2; usage >&2; exit 2 ;;
  esac
  shift
done
data=$(realpath -m "$data")

[ "$command" = build ] || steps=4
. tools/prerequisites.sh
[ $aspire = no ] || . tools/run-on-aspire.sh

step "Checking .NET, Node and RabbitMQ"
check_tools
install_rabbitmq

if [ $reset = yes ] && [ -e "$data" ]; then
  [ -e "$data/instance-id" ] || fail "$data does not look like a data folder of LeadCrm and is left alone."
  flock -n "$data/lock" true || fail "LeadCrm is running with $data: stop it first."
  echo "    deleting $data"
  [ "$(id -u)" != 0 ] || rm -rf "/var/lib/leadcrm/$(cat "$data/instance-id")"
  rm -rf "$data"
fi

lock_build
step "Installing PostgreSQL, the dashboard and the web client (npm)"
install_npm_packages
build_web_client

# Published into a folder of its own per state of the sources: a system that runs is never overwritten.
app=artifacts/app/$(sources)
if [ -e "$app/complete" ]; then
  step "Building: nothing has changed"
else
  step "Building and compiling ahead of time (the first time takes some minutes)"
  log=artifacts/build.log
  echo "    restoring packages"
  ahead=""
  # The ahead-of-time compiler is a package too; where a feed lacks it the system works, it only starts more slowly.
  dotnet restore tools/LeadCrm.App -v q > $log 2>&1 || { ahead=-p:PublishReadyToRun=false; dotnet restore tools/LeadCrm.App -v q $ahead > $log 2>&1; } \
    || { cat $log >&2; fail "The packages could not be restored."; }
  echo "    compiling"
  dotnet publish tools/LeadCrm.App -c Release -o "$app.new" --no-restore -v q -p:RunAnalyzers=false $ahead > $log 2>&1 \
    || { grep -E 'error' $log | sort -u | head -20 >&2; fail "The build failed; all of it is in $log."; }
  rm -rf "$app"; mv "$app.new" "$app"; touch "$app/complete"
  # Earlier ones go, except the last two and what still runs from them.
  find artifacts/app -mindepth 1 -maxdepth 1 -type d -printf '%T@ %p\n' | sort -rn | tail -n +4 | cut -d' ' -f2- | while read -r old; do
    grep -qsF "$PWD/$old/" /proc/[0-9]*/cmdline || rm -rf "$old"
  done
fi
unlock_build
[ "$command" != build ] || { echo "$PWD/$app"; exit 0; }

step "$command (data in $data)"
case $sample in yes) options+=(--sample-data) ;; users) options+=(--sample-users) ;; esac
exec dotnet exec "$PWD/$app/LeadCrm.AppHost.dll" --bin "$PWD/$app" --data "$data" "${options[@]}"

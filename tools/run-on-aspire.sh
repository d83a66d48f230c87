# The rest of `./run.sh --aspire`. Sourced, not run; ends the script. Aspire keeps data in container volumes and secrets in the user's own store.

steps=3
step "Checking .NET and the container runtime"
command -v dotnet > /dev/null || fail "The .NET 10 SDK is missing." "curl -sSL https://dot.net/v1/dotnet-install.sh | bash -s -- --channel 10.0 && export PATH=\"\$HOME/.dotnet:\$PATH\""
runtime=${ASPIRE_CONTAINER_RUNTIME:-}
[ -n "$runtime" ] || for candidate in docker podman; do ! command -v $candidate > /dev/null || { runtime=$candidate; break; }; done
[ -n "$runtime" ] || fail "Aspire runs PostgreSQL and RabbitMQ in containers, and neither docker nor podman is here." "installing Docker (https://docs.docker.com/engine/install/), or leave --aspire out: without it nothing needs containers"
command -v "$runtime" > /dev/null || fail "ASPIRE_CONTAINER_RUNTIME names $runtime, which is not here."
"$runtime" info > /dev/null 2>&1 || fail "$runtime is installed but does not answer." "sudo systemctl start $runtime (and your user in its group), or leave --aspire out: without it nothing needs containers"

lock_build
step "Building with Aspire's packages (the first time takes some minutes)"
log=artifacts/build-aspire.log
(
  # The host knows projects by their paths only, and starts them all at once: what they share must be built before.
  for project in services/*/LeadCrm.*/LeadCrm.*.csproj gateway/LeadCrm.Gateway tools/LeadCrm.SampleData; do
    dotnet build "$project" -c Release -v q -p:RunAnalyzers=false || exit 1
  done
  dotnet build LeadCrm.AppHost -c Release -v q -p:Orchestrator=Aspire -p:RunAnalyzers=false || exit 1
) > $log 2>&1 || { grep -E 'error' $log | sort -u | head -20 >&2; fail "The build failed; all of it is in $log. Where Aspire's packages are not on your NuGet feed, leave --aspire out."; }
unlock_build

step "Starting"
case $sample in yes) options+=(--sample-data) ;; users) options+=(--sample-users) ;; esac
# The dashboard where the other host has it; on this machine only, so without certificates.
export ASPNETCORE_URLS=http://127.0.0.1:5410 ASPIRE_ALLOW_UNSECURED_TRANSPORT=true ASPIRE_CONTAINER_RUNTIME=$runtime
exec dotnet run --project LeadCrm.AppHost -c Release --no-build -p:Orchestrator=Aspire -- "${options[@]}"

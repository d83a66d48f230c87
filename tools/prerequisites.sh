# Shared by run.sh and test.sh: what has to be on the machine, and how it gets there. Sourced, not run.

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 MSBUILDDISABLENODEREUSE=1 MSBUILDTERMINALLOGGER=off

step_number=0
step() { step_number=$((step_number + 1)); echo "[$step_number/$steps] $*"; }
fail() { echo "$1" >&2; [ -z "${2:-}" ] || echo "    Fix it with: $2" >&2; exit 1; }

check_tools() {
  [ "$(uname -s)-$(uname -m)" = Linux-x86_64 ] || fail "LeadCrm runs its servers natively on Linux on x86-64 only; this is $(uname -s) on $(uname -m)."
  command -v dotnet > /dev/null || fail "The .NET 10 SDK is missing." "curl -sSL https://dot.net/v1/dotnet-install.sh | bash -s -- --channel 10.0 && export PATH=\"\$HOME/.dotnet:\$PATH\""
  dotnet --version > /dev/null 2>&1 || fail "The .NET SDK found is not version 10 (found: $(dotnet --list-sdks | cut -d' ' -f1 | tr '\n' ' '))." "curl -sSL https://dot.net/v1/dotnet-install.sh | bash -s -- --channel 10.0 && export PATH=\"\$HOME/.dotnet:\$PATH\""
  command -v node > /dev/null && command -v npm > /dev/null || fail "Node.js with npm is missing (version 20 or later)." "curl -fsSL https://deb.nodesource.com/setup_20.x | sudo -E bash - && sudo apt-get install -y nodejs"
  node -e 'const [major, minor] = process.versions.node.split("."); process.exit(major > 20 || (+major === 20 && minor >= 19) ? 0 : 1)' || fail "Node.js is too old: $(node --version), version 20.19 or later is needed." "curl -fsSL https://deb.nodesource.com/setup_20.x | sudo -E bash - && sudo apt-get install -y nodejs"
  for tool in setsid setpriv flock; do
    command -v $tool > /dev/null || fail "The program $tool is missing." "sudo apt-get install -y util-linux"
  done
}

# Installs packages of the distribution, as root or by sudo; says so, and why not when it cannot (then it returns 1). No package's own service is
# started: policy-rc.d is Debian's way to say so; one that is already there is put back afterwards.
apt_install() {
  local packages="$*" as_root="" log=/tmp/leadcrm-apt.$$
  command -v apt-get > /dev/null || { echo "    there is no apt-get to install $packages with" >&2; return 1; }
  if [ "$(id -u)" != 0 ]; then
    command -v sudo > /dev/null || { echo "    installing $packages needs root" >&2; return 1; }
    as_root="sudo"
    sudo -n true 2> /dev/null || [ -t 0 ] || { echo "    installing $packages needs root, and sudo asks for a password" >&2; return 1; }
  fi
  echo "    installing $packages with apt-get (${as_root:-as root}); no service of the system is started"
  $as_root env DEBIAN_FRONTEND=noninteractive sh -c '
    policy=/usr/sbin/policy-rc.d
    [ ! -e $policy ] || mv $policy $policy.before-leadcrm
    trap "rm -f $policy; [ ! -e $policy.before-leadcrm ] || mv $policy.before-leadcrm $policy" EXIT
    printf "#!/bin/sh\nexit 101\n" > $policy && chmod 755 $policy
    for try in 1 2 3; do
      apt-get -o DPkg::Lock::Timeout=300 -o Acquire::Retries=3 -qq update && apt-get -o DPkg::Lock::Timeout=300 -o Acquire::Retries=3 -qq install -y --no-install-recommends '"$packages"' && exit 0
    done
    exit 1' > "$log" 2>&1 || { tail -20 "$log" >&2; rm -f "$log"; return 1; }
  rm -f "$log"
}

# RabbitMQ and its Erlang come from the distribution.
install_rabbitmq() {
  [ -x /usr/lib/rabbitmq/bin/rabbitmq-server ] || apt_install rabbitmq-server \
    || fail "RabbitMQ is missing and could not be installed (programs expected in /usr/lib/rabbitmq/bin)." "sudo apt-get install -y --no-install-recommends rabbitmq-server"
}

# The browser that the tests use. Where there is none to be had, they are skipped and counted as such.
find_chromium() { echo "${LEADCRM_CHROMIUM:-$(command -v chromium chromium-browser google-chrome | head -1 || true)}"; }
install_chromium() {
  [ -n "$(find_chromium)" ] || apt_install chromium || echo "    without Chromium the tests in the browser are skipped (LEADCRM_CHROMIUM may name one)" >&2
}

# One at a time in a checkout: two starts must not build into the same folders. Released when the script ends, however it ends.
lock_build() {
  mkdir -p artifacts
  exec 9> artifacts/build.lock
  flock -n 9 || { echo "    waiting for another build in this checkout"; flock 9; }
  # A compiler that stays behind to be used again must not keep the lock.
  dotnet() { command dotnet "$@" 9>&-; }
}
unlock_build() { exec 9>&-; }

# PostgreSQL and the dashboard for the host; the API reference's page for the gateway, which the build copies beside it; what the web client is made of.
install_npm_packages() {
  npm_install .
  npm_install gateway/LeadCrm.Gateway
  npm_install clients/web
}

# The web client, into clients/web/dist, where the gateway's build takes it from. Skipped when nothing that goes into it has changed.
build_web_client() {
  local want log=artifacts/web-client.log
  want=$(find clients/web tools/prerequisites.sh \( -name node_modules -o -name dist -o -name schema \) -prune -o -type f -print | LC_ALL=C sort | xargs sha256sum | sha256sum | cut -d' ' -f1)
  [ "$(cat clients/web/dist/.built 2> /dev/null)" != "$want" ] || return 0
  npm run --prefix clients/web build > $log 2>&1 || { tail -40 $log >&2; fail "The web client could not be built."; }
  echo "$want" > clients/web/dist/.built
}

npm_install() {
  local want; want=$(sha256sum "$1/package-lock.json" | cut -d' ' -f1)
  [ "$(cat "$1/node_modules/.leadcrm-installed" 2> /dev/null)" != "$want" ] || return 0
  # Install scripts stay off: the only one needed links PostgreSQL's libraries, and the host does that itself.
  npm ci --prefix "$1" --ignore-scripts --no-audit --no-fund --loglevel=error || fail "npm ci failed." "npm ci --prefix $1 --ignore-scripts"
  echo "$want" > "$1/node_modules/.leadcrm-installed"
}

# A fingerprint of everything that goes into a build: names, sizes and times, so that it takes no time to compute.
sources() {
  find LeadCrm.AppHost LeadCrm.ServiceDefaults services gateway tools clients/web/dist Directory.*.props Directory.*.targets global.json \
    \( -name bin -o -name obj -o -name node_modules \) -prune -o -type f -printf '%p %s %T@\n' | LC_ALL=C sort | sha256sum | cut -c1-12
}

# shellcheck shell=bash disable=SC2154 # variables shared with bench-echo
# Part of ci/bench-echo: builds what the run needs.

build_c() {
  if ! command -v gcc >/dev/null || ! echo '#include <liburing.h>' | gcc -E - >/dev/null 2>&1; then
    say "installing gcc and liburing-dev"
    local -a as_root=()
    ((EUID == 0)) || as_root=(sudo)
    {
      "${as_root[@]}" apt-get -q update &&
        "${as_root[@]}" apt-get -q -y install gcc libc6-dev liburing-dev
    } >"$scratch/apt.log" 2>&1 || {
      tail -n 5 "$scratch/apt.log" >&2
      die "needs gcc and liburing's headers (Debian: apt-get install gcc liburing-dev)"
    }
  fi
  local program
  for program in {echo,stream,udp}-{server,load} echo-hold short-load; do
    gcc -O2 -std=gnu11 -Wall -Wextra -Werror -o "$scratch/$program" \
      "$root/ci/bench/$program.c" -luring || die "$program.c does not compile"
  done
}

# Prints its path.
benchmarks_jar() {
  local jar=$root/target/benchmarks.jar
  if [[ ! -f $jar ]]; then
    say "building target/benchmarks.jar"
    (cd "$root" && mvn -q -B -Pjmh package -DskipTests) >&2 || die "the build failed"
  fi
  [[ -f $jar ]] || die "the build left no target/benchmarks.jar"
  echo "$jar"
}

require_class() { # CLASS
  "$java" -cp "$classpath" --dry-run "$1" >/dev/null 2>&1 ||
    die "no class $1 in $classpath; leave its server out with --servers, or rebuild"
}

describe_machine() {
  echo "- $(sed -n 's/^model name\s*: //p' /proc/cpuinfo | head -n 1), $(nproc) cores," \
    "Linux $(uname -r) $(uname -m)"
  echo "- $("$java" --version | sed -n 2p); $(gcc --version | head -n 1)"
  echo "- every JVM: \`${jvm_flags[*]}\`"
  echo "- Netty besides: \`${netty_flags[*]}\`"
  echo "- JDK virtual threads besides: \`${jdk_flags[*]}\`"
  echo "- $rounds rounds of $seconds s in each cell or scenario, server on core $server_core, load on core" \
    "$load_core; load average at the start: $(cut -d ' ' -f 1-3 /proc/loadavg)"
}

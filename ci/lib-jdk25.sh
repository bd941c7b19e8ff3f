# shellcheck shell=bash
# Sourced by scripts that need a JDK of at least 25, whatever `java` comes first on PATH.
#
#   jdk25_home    prints its directory, or says on stderr what was looked at and returns 1
#
# Looked at, in this order: JAVA_HOME, then the variables of build hosts (JAVA_HOME_25_X64, JDK_25,
# ...), the java on PATH, the JDKs installed beside either, and the folders of SDKMAN, asdf, IDEs and
# macOS.

jdk25_major() { # the major version of the JDK in directory $1, or nothing
  [[ -x "$1/bin/javac" && -r "$1/release" ]] || return 0
  sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$1/release"
}

jdk25_candidates() {
  local name java
  [[ -z "${JAVA_HOME:-}" ]] || echo "$JAVA_HOME"
  for name in $(compgen -e | grep -E '^(JAVA_HOME_|JDK_?)[0-9]' || true); do echo "${!name}"; done
  if java=$(command -v java); then
    java=$(readlink -f "$java" 2>/dev/null || echo "$java")
    java=$(dirname "$(dirname "$java")")
    echo "$java"
    ls -d "$(dirname "$java")"/*
  fi
  [[ -z "${JAVA_HOME:-}" ]] || ls -d "$(dirname "$JAVA_HOME")"/*
  ls -d "$HOME"/.sdkman/candidates/java/* "$HOME"/.asdf/installs/java/* "$HOME"/.jdks/* \
    /Library/Java/JavaVirtualMachines/*/Contents/Home 2>/dev/null || true
}

jdk25_home() {
  local home major
  while IFS= read -r home; do
    major=$(jdk25_major "$home")
    if [[ -n "$major" && "$major" -ge 25 ]]; then
      echo "$home"
      return 0
    fi
  done < <(jdk25_candidates)
  echo "no JDK 25 or newer found; install one and set JAVA_HOME to it" >&2
  return 1
}

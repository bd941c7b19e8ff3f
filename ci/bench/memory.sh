# shellcheck shell=bash disable=SC2154 # variables shared with bench-echo
# Part of ci/bench-echo: how much memory a connection takes.

# Resident bytes of the process, then live bytes of the Java heap (0 for C). A full collection
# comes first, or garbage would be counted as memory of the connections.
memory_of() { # SERVER
  local pid=${pid_of[$1]} heap=0
  if [[ -n $(main_class_of "$1") ]]; then
    "${java%java}jcmd" "$pid" GC.run >/dev/null
    heap=$("${java%java}jcmd" "$pid" GC.heap_info |
      awk 'match($0, /(generation|Tenured|DefNew).* used [0-9]+K/) {
             match($0, /used [0-9]+K/); sum += substr($0, RSTART + 5, RLENGTH - 6) }
           END { print sum * 1024 }')
  fi
  awk -v heap="$heap" '/^VmRSS/ { printf "%d,%d", $2 * 1024, heap }' "/proc/$pid/status"
}

descriptors_of() { # SERVER
  find "/proc/${pid_of[$1]}/fd" -mindepth 1 | wc -l
}

# A connection the kernel has completed may still wait for the server to accept it. A few less than
# all are enough: the server may have closed descriptors of its own since they were counted.
await_descriptors() { # SERVER BEFORE
  local waited
  for ((waited = 0; waited < 200; waited++)); do
    (($(descriptors_of "$1") >= $2 + hold - 16)) && return 0
    sleep 0.1
  done
  return 1
}

hold_connections() { # SERVER; prints a line of memory.csv
  local server=$1 before idle after connected echoed descriptors holder
  descriptors=$(descriptors_of "$server")
  warm "$server" || return 1
  before=$(memory_of "$server")
  coproc HOLD {
    exec taskset -c "$load_core" "$scratch/echo-hold" "${port_of[$server]}" "$hold" 64
  }
  holder=$HOLD_PID
  children+=("$holder")
  local from=${HOLD[0]} to=${HOLD[1]}
  read -r -t 60 -u "$from" _ _ connected || return 1
  await_descriptors "$server" "$descriptors" || return 1
  idle=$(memory_of "$server")
  echo >&"$to"
  read -r -t 60 -u "$from" _ _ echoed || return 1
  after=$(memory_of "$server")
  echo >&"$to"
  wait "$holder" || return 1
  echo "$server,$hold,$connected,$echoed,$before,$idle,$after"
}

memory() {
  local server
  echo "server,connections,connected_ms,echoed_ms,rss,heap,rss_idle,heap_idle,rss_used,heap_used" \
    >"$out/memory.csv"
  for server in "${servers[@]}"; do
    say "holding $hold connections on $server"
    # A small young generation, soon touched completely: it must not grow into the difference.
    start_server "$server" -Xmn4m
    if hold_connections "$server" >"$scratch/line"; then
      cat "$scratch/line" >>"$out/memory.csv"
      stop_server "$server"
    else
      [[ -z ${HOLD_PID:-} ]] || kill "$HOLD_PID"
      drop "$server" "failed to serve a burst of $hold connections"
    fi
  done
}

# shellcheck shell=bash disable=SC2034,SC2154 # variables shared with bench-echo
# Part of ci/bench-echo: what servers do besides echoing messages on connections that stay.
#
#   short   connections of one message each: connect, send, receive, end, wait for the end, close
#   in      streams to the server in chunks of 64 KiB; it counts and discards
#   out     streams from the server in chunks of 64 KiB
#   file    a file of 64 MiB in the page cache, sent over and over
#   udp     datagrams of 64 bytes from many sockets, echoed
#
# Each line of scenarios.csv says how many connections, bytes or datagrams there were in how many
# seconds, and the processor time of the server, of the load and of everything else.

short_slots=64
stream_connections=8
file_connections=4
udp_sockets=64
message_bytes=64
file=$scratch/file
file_megabytes=64

wanted() { # SCENARIO
  [[ ,$scenarios, == *,$1,* ]]
}

open_scenarios() {
  echo "scenario,round,server,done,seconds,server_cpu,load_cpu,other_cpu" >"$out/scenarios.csv"
  head -c "${file_megabytes}M" /dev/urandom >"$file"
}

load_of() { # SCENARIO SERVER WARM_UP SECONDS; prints the results
  local port=${port_of[$2]} pid=${pid_of[$2]}
  local -a command
  case $1 in
    short) command=(short-load "$port" "$pid" "$short_slots" "$message_bytes" "$3" "$4") ;;
    in | out) command=(stream-load "$1" "$port" "$pid" "$stream_connections" "$3" "$4" "$file") ;;
    file) command=(stream-load "$1" "$port" "$pid" "$file_connections" "$3" "$4" "$file") ;;
    udp) command=(udp-load "$port" "$pid" "$udp_sockets" "$message_bytes" "$3" "$4") ;;
    *) die "no such scenario: $1" ;;
  esac
  taskset -c "$load_core" "$scratch/${command[0]}" "${command[@]:1}"
}

# Until the server has worked for some time, its compiler included, however little of the core a
# busy machine gives it.
warm_scenario() { # SCENARIO SERVER
  local times before ticks
  ticks=$(getconf CLK_TCK)
  before=$(ticks_of "$2")
  for times in 1 2 3 4 5 6; do
    load_of "$1" "$2" 0.8 0.2 >/dev/null || return 1
    [[ -n $(main_class_of "$2") ]] || return 0
    (($(ticks_of "$2") - before < 3 * ticks / 2)) || return 0
  done
}

ticks_of() { # SERVER; user and system time of the process, proc_pid_stat(5)
  local fields
  fields=$(<"/proc/${pid_of[$1]}/stat")
  read -ra fields <<<"${fields##*) }"
  echo $((fields[11] + fields[12]))
}

# The servers run already. They take turns, as in the cells of echo.csv.
run_scenario() { # SCENARIO SERVERS...
  local scenario=$1 server round i results
  shift
  local -a taking_part=("$@")
  for server in "${taking_part[@]}"; do
    [[ -n ${pid_of[$server]:-} ]] || continue
    warm_scenario "$scenario" "$server" ||
      drop "$server" "failed in the warm-up of $scenario"
  done
  for ((round = 1; round <= rounds; round++)); do
    for ((i = 0; i < ${#taking_part[@]}; i++)); do
      server=${taking_part[(i + round) % ${#taking_part[@]}]}
      [[ -n ${pid_of[$server]:-} ]] || continue
      if results=$(load_of "$scenario" "$server" "$warm_up" "$seconds"); then
        echo "$scenario,$round,$server,$results" >>"$out/scenarios.csv"
      else
        drop "$server" "failed in $scenario"
      fi
    done
  done
  say "$scenario: done"
}

# Starts the servers of another kind for these scenarios. Netty takes no part: nothing is held
# against it here.
run_scenarios() { # KIND SCENARIOS...
  local server scenario
  local -a chosen=() taking_part=()
  kind=$1
  shift
  for scenario in "$@"; do
    wanted "$scenario" && chosen+=("$scenario")
  done
  if ((${#chosen[@]} > 0)); then
    for server in "${servers[@]}"; do
      [[ $server == netty-* ]] || taking_part+=("$server")
    done
    for server in "${taking_part[@]}"; do
      start_server "$server"
    done
    for scenario in "${chosen[@]}"; do
      run_scenario "$scenario" "${taking_part[@]}"
    done
    for server in "${taking_part[@]}"; do
      [[ -z ${pid_of[$server]:-} ]] || stop_server "$server"
    done
  fi
  kind=echo
}

# shellcheck shell=bash disable=SC2034,SC2154 # variables shared with bench-echo
# Part of ci/bench-echo: how each server is started and stopped.

server_core=0
load_core=1

# One collector and one heap size for all. With one core HotSpot would choose the serial one anyway.
jvm_flags=(-XX:+UseSerialGC -Xms512m -Xmx512m --enable-native-access=ALL-UNNAMED)
jdk_flags=(-Djdk.virtualThreadScheduler.parallelism=1)
# Netty is fastest when it may use Unsafe, which it does on this JDK only when told.
netty_flags=(-Dio.netty.noUnsafe=false --sun-misc-unsafe-memory-access=allow
  --add-opens=java.base/jdk.internal.misc=ALL-UNNAMED --add-opens=java.base/java.nio=ALL-UNNAMED
  -Dio.netty.tryReflectionSetAccessible=true)

# What the servers do now: echo, stream or udp.
kind=echo
declare -A pid_of port_of

# Nothing for the server that is not Java.
main_class_of() { # SERVER
  local does
  case $kind in
    echo) does=Echo ;;
    stream) does=Stream ;;
    udp) does=Udp ;;
  esac
  case $1 in
    c) ;;
    jdk) echo "io.triad.bench.Jdk${does}Server" ;;
    netty-uring | netty-epoll) echo "io.triad.bench.Netty${does}Server" ;;
    triad | triad-epoll) echo "io.triad.bench.Triad${does}Server" ;;
    *) die "no such server: $1" ;;
  esac
}

start_server() { # SERVER JVM_FLAGS...
  local server=$1 port main_class
  shift
  port=$(free_port)
  main_class=$(main_class_of "$server")
  local -a command=("$java" "${jvm_flags[@]}" "$@") arguments=()
  case $server in
    c) command=("$scratch/$kind-server") ;;
    jdk) command+=("${jdk_flags[@]}") ;;
    netty-*) command+=("${netty_flags[@]}") ;;
    triad) command+=(-Dtriad.engine=io_uring) ;;
    triad-epoll) command+=(-Dtriad.engine=epoll) ;;
  esac
  [[ -z $main_class ]] || command+=(-cp "$classpath" "$main_class")
  case $server:$kind in
    jdk:echo) arguments=(channel) ;;
    netty-uring:*) arguments=(io_uring) ;;
    netty-epoll:*) arguments=(epoll) ;;
  esac
  command+=("${arguments[@]}" "$port")
  [[ $kind != stream ]] || command+=("$file")
  taskset -c "$server_core" "${command[@]}" >"$scratch/$server.log" 2>&1 &
  pid_of[$server]=$!
  port_of[$server]=$port
  children+=("$!")
  await_listening "$server"
}

stop_server() { # SERVER
  kill "${pid_of[$1]}" 2>/dev/null || {
    say "$1 had ended by itself"
    cat "$scratch/$1.log" >&2
    failed=1
  }
  wait "${pid_of[$1]}" 2>/dev/null || true
}

answers() { # PORT
  if [[ $kind == udp ]]; then
    local echoed
    { exec 3<>"/dev/udp/127.0.0.1/$1" && echo >&3 && read -r -t 0.1 -u 3 echoed; } 2>/dev/null
  else
    (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null
  fi
}

await_listening() { # SERVER
  local waited
  for ((waited = 0; waited < 300; waited++)); do
    answers "${port_of[$1]}" && return 0
    kill -0 "${pid_of[$1]}" 2>/dev/null || break
    sleep 0.1
  done
  cat "$scratch/$1.log" >&2
  die "$1 does not listen"
}

# Below the ephemeral ports, which the load itself may be using.
free_port() {
  local port
  while port=$((20000 + RANDOM % 12000)); do
    (kind=echo && answers "$port") || { echo "$port" && return 0; }
  done
}

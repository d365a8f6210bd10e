#!/bin/sh
# Makes a cache of the classes that the worker loads, and of the profiles by which the JVM compiles its methods (JDK 25 or
# newer). It serves the same JVM with the same options while the path and the file times of what was unpacked stay as they
# are.
# Usage: train.sh JAR CACHE NATS [OPTION OF THE JVM ...]
# NATS is the program nats-server: against one the worker runs thousands of steps, and if one of them fails, so does this.
# NATS may also be "none": then the worker is only wired. It starts with the cache, but must still learn what to compile.
set -eu
jar=$1
cache=$2
nats=$3
shift 3

if [ "$nats" = none ]; then
  echo "The worker is only wired, not trained with steps: there is no NATS server."
  # The worker ends as soon as it is wired, before it needs NATS or opens a port.
  export NATS_URL=nats://127.0.0.1:1 WORKER_ADMIN_PASSWORD=training
  # A heap of more than 32 GB, on a large machine, would make a cache for another kind of pointers. Each class that the
  # JVM leaves out, such as one of a signed jar, would be a warning.
  java "$@" -Xmx512m -Xlog:disable -Xlog:all=error:stderr \
    "-XX:AOTCacheOutput=$cache" -Dspring.context.exit=onRefresh -jar "$jar"
else
  java -Xmx256m -XX:+UseSerialGC -XX:TieredStopAtLevel=1 --enable-native-access=ALL-UNNAMED -cp "$jar" \
    io.beamline.worker.training.TrainingRun "$jar" "$cache" "$nats" "$@"
fi
test -s "$cache"

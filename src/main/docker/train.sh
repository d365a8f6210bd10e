#!/bin/sh
# Makes a cache of the classes that the worker loads when it starts (JDK 25 or newer). It serves the same JVM with
# the same options while the path and the file times of what was unpacked stay as they are.
# Usage: train.sh JAR CACHE [OPTION OF THE JVM ...]
set -eu
jar=$1
cache=$2
shift 2

# The worker ends as soon as it is wired, before it needs NATS or opens a port.
export NATS_URL=nats://127.0.0.1:1 WORKER_ADMIN_PASSWORD=training

# A heap of more than 32 GB, on a large machine, would make a cache for another kind of pointers. Each class that the
# JVM leaves out, such as one of a signed jar, would be a warning.
java "$@" -Xmx512m -Xlog:disable -Xlog:all=error:stderr \
  "-XX:AOTCacheOutput=$cache" -Dspring.context.exit=onRefresh -jar "$jar"
test -s "$cache"

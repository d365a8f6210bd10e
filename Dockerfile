# Builds the worker and the image that it runs in; src/docs/operations.md says how, ImageIT does the same without an engine.
# The cache of classes fits only the Java that it was made with: training and service share one base.
ARG BUILD_IMAGE=eclipse-temurin:25-jdk-noble
ARG RUNTIME_IMAGE=eclipse-temurin:25-jre-noble
# The cache is made by a worker that runs steps against a NATS server, which does not become part of the image. To build
# without it set TRAINING=wiring: the image starts nearly as fast, but its first seconds of work are slower.
ARG NATS_IMAGE=nats:2.11-alpine
ARG TRAINING=steps

FROM ${BUILD_IMAGE} AS build
# The checksum that mvnw compares is the one of Maven's zip, which it takes only where unzip is.
RUN apt-get update && apt-get install -y --no-install-recommends unzip && rm -rf /var/lib/apt/lists/*
WORKDIR /build
COPY mvnw pom.xml ./
COPY .mvn .mvn
# Without sources: fetches what the build needs, in a layer that lasts until the pom changes.
RUN ./mvnw -B -ntp -Dmaven.test.skip -Dspotless.check.skip package && rm -r target
COPY src/main src/main
COPY src/docs/asyncapi.yaml src/docs/
RUN ./mvnw -B -ntp -Dmaven.test.skip -Dspotless.check.skip package
RUN java -Djarmode=tools -jar target/beamline-worker.jar extract --layers --destination layers

FROM ${RUNTIME_IMAGE} AS runtime
# Java takes the encoding of file names from the locale: without UTF-8 it cannot open every file.
# The C library would keep freed memory in up to eight arenas per processor of the node.
# Jars with blocks of one's own lie in /app/plugins.
ENV LANG=C.UTF-8 LC_ALL=C.UTF-8 MALLOC_ARENA_MAX=2 WORKER_PLUGINS_DIRECTORY=/app/plugins
RUN install -d -m 0770 -o 10001 -g 10001 /data && install -d -m 0755 /app/plugins
# What changes least comes first.
COPY --from=build /build/layers/dependencies/ /app/
COPY --from=build /build/layers/snapshot-dependencies/ /app/
COPY src/main/docker/jvm.options src/main/docker/command.options /app/
COPY --from=build /build/layers/application/ /app/

FROM ${NATS_IMAGE} AS nats

FROM runtime AS training-steps
COPY --from=nats /usr/local/bin/nats-server /training/
COPY src/main/docker/train.sh /training/
RUN sh /training/train.sh /app/beamline-worker.jar /app/classes.aot /training/nats-server @/app/jvm.options

FROM runtime AS training-wiring
COPY src/main/docker/train.sh /training/
RUN sh /training/train.sh /app/beamline-worker.jar /app/classes.aot none @/app/jvm.options

FROM training-${TRAINING} AS training

FROM runtime
COPY --from=training /app/classes.aot /app/
ARG VERSION=0.1.0-SNAPSHOT
ARG REVISION=unknown
ARG CREATED=""
ARG SOURCE=""
ARG RUNTIME_IMAGE
LABEL org.opencontainers.image.title="Beamline Worker" \
      org.opencontainers.image.description="Runs the steps that a Router assigns over NATS JetStream, and never loses one." \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}" \
      org.opencontainers.image.created="${CREATED}" \
      org.opencontainers.image.source="${SOURCE}" \
      org.opencontainers.image.base.name="${RUNTIME_IMAGE}"
EXPOSE 9091 9092
# The first root for files is ./data. All else may be read-only, but for /tmp.
WORKDIR /
VOLUME ["/data"]
USER 10001:10001
# Started without a shell, so that SIGTERM arrives. No HEALTHCHECK: the base has no client for one; probe port 9092.
ENTRYPOINT ["java", "@/app/jvm.options", "-XX:AOTCache=/app/classes.aot", "-jar", "/app/beamline-worker.jar"]

{{- define "beamline-worker.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 63 | trimSuffix "-" -}}
{{- end -}}

{{- define "beamline-worker.fullname" -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride | trunc 52 | trimSuffix "-" -}}
{{- else -}}
{{- $name := include "beamline-worker.name" . -}}
{{- ternary .Release.Name (printf "%s-%s" .Release.Name $name) (contains $name .Release.Name) | trunc 52 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{- define "beamline-worker.selectorLabels" -}}
app.kubernetes.io/name: {{ include "beamline-worker.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{- define "beamline-worker.labels" -}}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" | trunc 63 | trimSuffix "-" }}
app.kubernetes.io/version: {{ include "beamline-worker.version" . | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
app.kubernetes.io/part-of: beamline
{{ include "beamline-worker.selectorLabels" . }}
{{- with .Values.commonLabels }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{/* The tag as a label may be written: at most 63 characters, a letter or a digit first and last. */}}
{{- define "beamline-worker.version" -}}
{{- regexFind "^[^@]*" (.Values.image.tag | default .Chart.AppVersion) | replace "+" "_" | trunc 63 | trimAll "._-" -}}
{{- end -}}

{{/* Labels of the workers, and of nothing else in the release. */}}
{{- define "beamline-worker.workerLabels" -}}
{{ include "beamline-worker.selectorLabels" . }}
app.kubernetes.io/component: worker
{{- end -}}

{{- define "beamline-worker.image" -}}
{{- if .Values.image.digest -}}
{{ .Values.image.repository }}{{ with .Values.image.tag }}:{{ . }}{{ end }}@{{ .Values.image.digest }}
{{- else -}}
{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}
{{- end -}}
{{- end -}}

{{- define "beamline-worker.serviceAccountName" -}}
{{- if .Values.serviceAccount.create -}}
{{ .Values.serviceAccount.name | default (include "beamline-worker.fullname" .) }}
{{- else -}}
{{ .Values.serviceAccount.name | default "default" }}
{{- end -}}
{{- end -}}

{{/* Whole seconds of a time such as 25s, rounded up. */}}
{{- define "beamline-worker.seconds" -}}
{{- $number := regexFind "^[0-9]+" . | int64 -}}
{{- $unit := regexFind "[a-z]+$" . -}}
{{- if eq $unit "ms" -}}{{ div (add $number 999) 1000 }}
{{- else -}}{{ mul $number (get (dict "s" 1 "m" 60 "h" 3600) $unit) }}
{{- end -}}
{{- end -}}

{{/* The duplicate window of the streams of answers, as the worker computes it. */}}
{{- define "beamline-worker.duplicateWindow" -}}
{{- $set := .duplicateWindow | default "0s" -}}
{{- if eq (include "beamline-worker.seconds" $set | int64) 0 -}}
{{- $window := max 300 (mul 3 (include "beamline-worker.seconds" .ackWait | int64)) -}}
{{ min $window (include "beamline-worker.seconds" .maxAge | int64) }}s
{{- else -}}
{{ $set }}
{{- end -}}
{{- end -}}

{{/* Seconds from SIGTERM to SIGKILL: enough for the grace of steps, and for handing back and publishing after it. */}}
{{- define "beamline-worker.terminationGrace" -}}
{{- $grace := include "beamline-worker.seconds" .Values.worker.shutdown.grace | int64 -}}
{{- if kindIs "invalid" .Values.terminationGracePeriodSeconds -}}
{{ add $grace 35 }}
{{- else if lt (int64 .Values.terminationGracePeriodSeconds) (add $grace 20) -}}
{{- fail (printf "terminationGracePeriodSeconds is %d, but worker.shutdown.grace is %s: the worker would be killed before it has handed back what it holds. Set at least %d, or null" (int64 .Values.terminationGracePeriodSeconds) .Values.worker.shutdown.grace (add $grace 20)) -}}
{{- else -}}
{{ int64 .Values.terminationGracePeriodSeconds }}
{{- end -}}
{{- end -}}

{{/* A map of values as settings of the worker: the same tree with names in kebab-case. Lists and scalars are JSON. An
empty map is left out: the worker would take it for an empty text. */}}
{{- define "beamline-worker.settings" -}}
{{- range $name, $value := . }}
{{- if or $value (not (kindIs "map" $value)) }}
{{ kebabcase $name }}:
{{- if kindIs "map" $value }}
{{- include "beamline-worker.settings" $value | trim | nindent 2 }}
{{- else }} {{ toJson $value }}
{{- end }}
{{- end }}
{{- end }}
{{- end -}}

{{/* A rule of files/alerts.yaml with the operator's own threshold, time and severity. Its description says them too. The
first comparison with a number in an expression is that with the threshold. */}}
{{- define "beamline-worker.alert" -}}
{{- $rule := deepCopy (index . 0) -}}
{{- $own := index . 1 -}}
{{- $base := index . 2 -}}
{{- $notes := $rule.annotations -}}
{{- if hasKey $own "threshold" -}}
{{- $limit := regexFind ">=? [0-9.]+" $rule.expr -}}
{{- $threshold := toString $own.threshold -}}
{{- $_ := set $rule "expr" (replace $limit (printf "%s %s" (regexFind ">=?" $limit) $threshold) $rule.expr) -}}
{{- $_ := set $notes "description" (regexReplaceAll "limit [^)]*?( for [^)]*)?[)]" $notes.description (printf "limit %s${1})" $threshold)) -}}
{{- end -}}
{{- with $own.for -}}
{{- $was := printf "([Ff])or %s (minutes?|seconds?)" (regexFind "^[0-9]+" (toString $rule.for)) -}}
{{- $_ := set $rule "for" . -}}
{{- $_ := set $notes "description" (regexReplaceAll $was $notes.description (printf "${1}or %s" .)) -}}
{{- end -}}
{{- with $own.severity -}}
{{- $_ := set $rule.labels "severity" . -}}
{{- end -}}
{{- if $base -}}
{{- $_ := set $notes "runbook_url" (replace "https://git.example.org/beamline-worker/blob/main/" $base $notes.runbook_url) -}}
{{- else -}}
{{- $_ := unset $notes "runbook_url" -}}
{{- end -}}
{{- toYaml $rule -}}
{{- end -}}

{{/* A size such as 64MB in bytes. */}}
{{- define "beamline-worker.bytes" -}}
{{- $factors := dict "B" 1 "KB" 1024 "MB" 1048576 "GB" 1073741824 "TB" 1099511627776 -}}
{{- mul (regexFind "^[0-9]+" . | int64) (get $factors (regexFind "[A-Z]+$" .)) -}}
{{- end -}}

{{/* The name that the worker gives to the stream of a subject. */}}
{{- define "beamline-worker.stream" -}}
{{- . | replace "." "_" | upper -}}
{{- end -}}

{{/* The Secret that holds the login to NATS; empty when there is none. */}}
{{- define "beamline-worker.authSecret" -}}
{{- if ne .Values.nats.auth.method "none" -}}
{{ .Values.nats.auth.existingSecret | default (printf "%s-nats" (include "beamline-worker.fullname" .)) }}
{{- end -}}
{{- end -}}

{{/* The Secret that holds the stores for TLS; empty when there are none. */}}
{{- define "beamline-worker.tlsSecret" -}}
{{- $tls := .Values.nats.tls -}}
{{- if or $tls.trustStore.enabled $tls.keyStore.enabled -}}
{{ $tls.existingSecret | default (printf "%s-nats-tls" (include "beamline-worker.fullname" .)) }}
{{- end -}}
{{- end -}}

{{/* The Secret that holds the administrator's password; empty when there is none. */}}
{{- define "beamline-worker.adminSecret" -}}
{{- if .Values.worker.admin.existingSecret -}}
{{ .Values.worker.admin.existingSecret }}
{{- else if .Values.worker.admin.password -}}
{{ include "beamline-worker.fullname" . }}-admin
{{- end -}}
{{- end -}}

{{/* The files of a Secret with certificates as PEM, as an SSL bundle of Spring Boot: from values tls, and their folder. */}}
{{- define "beamline-worker.bundle" -}}
{{- $tls := index . 0 -}}
{{- $folder := index . 1 -}}
{{- if $tls.ca }}
truststore:
  certificate: {{ $folder }}/ca.crt
{{- end }}
{{- if $tls.cert }}
keystore:
  certificate: {{ $folder }}/tls.crt
  private-key: {{ $folder }}/tls.key
{{- end }}
reload-on-update: true
{{- end -}}

{{/* The same Secret as a volume. */}}
{{- define "beamline-worker.bundleVolume" -}}
secret:
  secretName: {{ .secretName | quote }}
  items:
    {{- if .ca }}
    - key: {{ .ca | quote }}
      path: ca.crt
    {{- end }}
    {{- if .cert }}
    - key: {{ .cert | quote }}
      path: tls.crt
    - key: {{ .key | quote }}
      path: tls.key
    {{- end }}
{{- end -}}

{{/* Refuses values that contradict each other. */}}
{{- define "beamline-worker.check" -}}
{{- $values := .Values -}}
{{- range $name, $_ := $values.podLabels -}}
{{- if hasKey $values.commonLabels $name -}}
{{- fail (printf "commonLabels and podLabels both hold %s: pods would have it twice" $name) -}}
{{- end -}}
{{- end -}}
{{- if and (or $values.plugins.image $values.plugins.volume) (not $values.worker.plugins.directory) -}}
{{- fail "plugins.image or plugins.volume is set, but worker.plugins.directory is empty: the worker would not look at the jars" -}}
{{- end -}}
{{- if and $values.plugins.image $values.plugins.volume -}}
{{- fail "plugins.image and plugins.volume are both set: the jars come from one of them" -}}
{{- end -}}
{{- if and $values.autoscaling.enabled $values.keda.enabled -}}
{{- fail "autoscaling.enabled and keda.enabled are both true: two autoscalers would fight over the number of workers. Turn one of them off" -}}
{{- end -}}
{{- range $name := list "autoscaling" "keda" -}}
{{- $scaler := get $values $name -}}
{{- if and $scaler.enabled (lt (int64 $scaler.maxReplicas) (int64 $scaler.minReplicas)) -}}
{{- fail (printf "%s.maxReplicas is %d, below %s.minReplicas, which is %d" $name (int64 $scaler.maxReplicas) $name (int64 $scaler.minReplicas)) -}}
{{- end -}}
{{- end -}}
{{- $hpa := $values.autoscaling -}}
{{- if and $hpa.enabled (not $hpa.targetCPUUtilizationPercentage) -}}
{{- fail "autoscaling.enabled is true, but targetCPUUtilizationPercentage is not set" -}}
{{- end -}}
{{- if and (eq $values.worker.queue.rejectionPolicy "hold") (eq $values.worker.nats.delivery "core") -}}
{{- fail "worker.queue.rejectionPolicy is hold, but worker.nats.delivery is core, which has no stream to leave assignments in" -}}
{{- end -}}
{{- if and $values.nack.enabled (eq $values.worker.nats.delivery "core") -}}
{{- fail "nack.enabled is true, but worker.nats.delivery is core, which has no streams" -}}
{{- end -}}
{{- if and $values.keda.enabled (not $values.keda.monitoringEndpoint) -}}
{{- fail "keda.enabled is true, but keda.monitoringEndpoint is empty: KEDA reads the lag there, for example nats.nats.svc.cluster.local:8222" -}}
{{- end -}}
{{- if and $values.keda.enabled (eq $values.worker.nats.delivery "core") -}}
{{- fail "keda.enabled is true, but worker.nats.delivery is core, which has no consumer whose lag could be read" -}}
{{- end -}}
{{- if eq (int64 $values.server.port) (int64 $values.management.server.port) -}}
{{- fail (printf "server.port and management.server.port are both %d: they must differ" (int64 $values.server.port)) -}}
{{- end -}}
{{- $subjects := values $values.worker.nats.subjects -}}
{{- if ne (len $subjects) (len (uniq $subjects)) -}}
{{- fail "worker.nats.subjects holds a subject twice: the worker would take its own answers for assignments" -}}
{{- end -}}
{{- if lt (float64 $values.worker.queue.thresholds.overloaded) (float64 $values.worker.queue.thresholds.degraded) -}}
{{- fail "worker.queue.thresholds.overloaded is below worker.queue.thresholds.degraded" -}}
{{- end -}}
{{- $breaker := $values.worker.destinations.breaker -}}
{{- if gt (int64 $breaker.minimum) (int64 $breaker.window) -}}
{{- fail "worker.destinations.breaker.minimum is above worker.destinations.breaker.window: the breaker would never open" -}}
{{- end -}}
{{- include "beamline-worker.checkSecrets" . -}}
{{- end -}}

{{- define "beamline-worker.checkSecrets" -}}
{{- $bundles := dict "nats.tls" (list .Values.nats.tls .Values.worker.nats.sslBundle "worker.nats.sslBundle") "httpSteps.tls" (list .Values.httpSteps.tls .Values.worker.blocks.http.sslBundle "worker.blocks.http.sslBundle") -}}
{{- range $name, $bundle := $bundles -}}
{{- $tls := index $bundle 0 -}}
{{- if $tls.secretName -}}
{{- if index $bundle 1 -}}
{{- fail (printf "%s.secretName and %s are both set: one of them is enough" $name (index $bundle 2)) -}}
{{- end -}}
{{- if ne (empty $tls.cert) (empty $tls.key) -}}
{{- fail (printf "%s.cert and %s.key belong together: set both, or neither" $name $name) -}}
{{- end -}}
{{- if and (not $tls.ca) (not $tls.cert) -}}
{{- fail (printf "%s.secretName is set, but neither its ca nor its cert: nothing of the Secret would be used" $name) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- if and .Values.nats.tls.secretName (or .Values.nats.tls.trustStore.enabled .Values.nats.tls.keyStore.enabled) -}}
{{- fail "nats.tls.secretName is set, and nats.tls.trustStore or nats.tls.keyStore is enabled: certificates come from one of them" -}}
{{- end -}}
{{- if and .Values.image.digest (contains "@" .Values.image.tag) -}}
{{- fail "image.digest is set, and image.tag has a digest too: one of them is enough" -}}
{{- end -}}
{{- $auth := .Values.nats.auth -}}
{{- $needed := get (dict "none" (list) "user" (list "username" "password") "token" (list "token") "nkey" (list "nkey") "credentials" (list "credentials")) $auth.method -}}
{{- if not $auth.existingSecret -}}
{{- range $needed -}}
{{- if not (get $auth .) -}}
{{- fail (printf "nats.auth.method is %s: set nats.auth.%s, or name a Secret of yours in nats.auth.existingSecret" $auth.method .) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- if not .Values.nats.tls.existingSecret -}}
{{- range $name := list "trustStore" "keyStore" -}}
{{- $store := get $.Values.nats.tls $name -}}
{{- if and $store.enabled (or (not $store.content) (not $store.password)) -}}
{{- fail (printf "nats.tls.%s.enabled is true: set its content and password, or name a Secret of yours in nats.tls.existingSecret" $name) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- $proxy := .Values.worker.blocks.http.proxy -}}
{{- if and $proxy.password $proxy.passwordSecret.name -}}
{{- fail "worker.blocks.http.proxy.password and worker.blocks.http.proxy.passwordSecret are both set: one of them is enough" -}}
{{- end -}}
{{- if and .Values.worker.admin.password .Values.worker.admin.existingSecret -}}
{{- fail "worker.admin.password and worker.admin.existingSecret are both set: one of them is enough" -}}
{{- end -}}
{{- end -}}

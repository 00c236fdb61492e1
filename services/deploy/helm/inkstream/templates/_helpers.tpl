{{/* What the names begin with. */}}
{{- define "inkstream.fullname" -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride | trunc 50 | trimSuffix "-" -}}
{{- else if contains .Chart.Name .Release.Name -}}
{{- .Release.Name | trunc 50 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name .Chart.Name | trunc 50 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{- define "inkstream.serviceAccount" -}}
{{- if .Values.serviceAccount.create -}}
{{- default (include "inkstream.fullname" .) .Values.serviceAccount.name -}}
{{- else -}}
{{- default "default" .Values.serviceAccount.name -}}
{{- end -}}
{{- end -}}

{{/* A value as text: a large whole number without an exponent. */}}
{{- define "inkstream.text" -}}
{{- if and (kindIs "float64" .) (eq (floor .) .) -}}
{{- int64 . | toString | quote -}}
{{- else -}}
{{- toString . | quote -}}
{{- end -}}
{{- end -}}

{{/* By which a component's pods are selected; takes a dict of root and component. */}}
{{- define "inkstream.selector" -}}
app.kubernetes.io/name: {{ .root.Chart.Name }}
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/component: {{ .component }}
{{- end -}}

{{- define "inkstream.labels" -}}
{{ include "inkstream.selector" . }}
app.kubernetes.io/version: {{ .root.Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .root.Chart.Name .root.Chart.Version }}
{{- end -}}

{{/* The pods of a component; takes a dict of root, component and settings. */}}
{{- define "inkstream.pod" -}}
metadata:
  labels:
    {{- include "inkstream.labels" . | nindent 4 }}
    {{- with .root.Values.podLabels }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
  {{- with .root.Values.podAnnotations }}
  annotations:
    {{- toYaml . | nindent 4 }}
  {{- end }}
spec:
  serviceAccountName: {{ include "inkstream.serviceAccount" .root }}
  automountServiceAccountToken: false
  enableServiceLinks: false
  terminationGracePeriodSeconds: {{ .root.Values.terminationGracePeriodSeconds }}
  securityContext:
    runAsNonRoot: true
    runAsUser: 10001
    runAsGroup: 10001
    fsGroup: 10001
    seccompProfile:
      type: RuntimeDefault
  {{- with .root.Values.imagePullSecrets }}
  imagePullSecrets:
    {{- range . }}
    - name: {{ . | quote }}
    {{- end }}
  {{- end }}
  containers:
    - name: {{ .component }}
      image: {{ printf "%s-%s:%s" .root.Values.image.repository .component (default .root.Chart.AppVersion .root.Values.image.tag) | quote }}
      imagePullPolicy: {{ .root.Values.image.pullPolicy }}
      args: [{{ .component }}]
      env:
        {{- if eq .component "trainer" }}
        - name: INKSTREAM_INSTANCE
          valueFrom:
            fieldRef:
              fieldPath: metadata.name
        {{- end }}
        - name: INKSTREAM_BOOTSTRAP_SERVERS
          value: {{ required "Set kafka.bootstrapServers to the brokers: host:port[,host:port]." .root.Values.kafka.bootstrapServers | quote }}
        - name: INKSTREAM_SCHEMA_REGISTRY
          value: {{ required "Set schemaRegistry.url to the URL of a registry that speaks Confluent's REST API." .root.Values.schemaRegistry.url | quote }}
        - name: INKSTREAM_TOPIC_PREFIX
          value: {{ .root.Values.topics.prefix | quote }}
        - name: INKSTREAM_PARTITIONS
          value: {{ .root.Values.topics.partitions | quote }}
        - name: INKSTREAM_METRICS_ADDRESS
          value: 0.0.0.0
        - name: INKSTREAM_METRICS_PORT
          value: "8090"
        - name: JAVA_TOOL_OPTIONS
          value: {{ .settings.javaOptions | quote }}
        {{- $users := .root.Values.strimzi.users }}
        {{- $near := has .root.Values.strimzi.namespace (list "" .root.Release.Namespace) }}
        {{- if and $users.enabled $near (eq $users.authentication "scram-sha-512") }}
        # Written by Strimzi's user operator.
        - name: KAFKA_SASL_JAAS_CONFIG
          valueFrom:
            secretKeyRef:
              name: {{ include "inkstream.fullname" .root }}-{{ .component }}
              key: sasl.jaas.config
        {{- end }}
        {{- range $name, $value := merge (dict) .settings.env .root.Values.kafka.env }}
        - name: {{ $name }}
          value: {{ include "inkstream.text" $value }}
        {{- end }}
      {{- if or .root.Values.kafka.configMapName .root.Values.kafka.secretName .settings.kafkaSecretName }}
      envFrom:
        {{- with .root.Values.kafka.configMapName }}
        - configMapRef:
            name: {{ . }}
        {{- end }}
        {{- with .root.Values.kafka.secretName }}
        - secretRef:
            name: {{ . }}
        {{- end }}
        {{- with .settings.kafkaSecretName }}
        - secretRef:
            name: {{ . }}
        {{- end }}
      {{- end }}
      ports:
        - name: metrics
          containerPort: 8090
          protocol: TCP
      # The JVM and PyTorch's library may take a minute on a busy node.
      startupProbe:
        httpGet:
          path: /health/live
          port: metrics
        periodSeconds: 5
        failureThreshold: 36
        timeoutSeconds: 5
      # Fails only when the service is broken for good: an outage of Kafka or of the registry is none of these.
      livenessProbe:
        httpGet:
          path: /health/live
          port: metrics
        periodSeconds: 10
        timeoutSeconds: 5
        failureThreshold: 3
      readinessProbe:
        httpGet:
          path: /health/ready
          port: metrics
        periodSeconds: 10
        timeoutSeconds: 5
        failureThreshold: 2
      resources:
        {{- toYaml .settings.resources | nindent 8 }}
      securityContext:
        allowPrivilegeEscalation: false
        readOnlyRootFilesystem: true
        capabilities:
          drop: [ALL]
      volumeMounts:
        - name: temporary
          mountPath: /tmp
        - name: cache
          mountPath: /var/cache/inkstream
        {{- with .root.Values.extraVolumeMounts }}
        {{- toYaml . | nindent 8 }}
        {{- end }}
  volumes:
    # Nothing that lasts: everything is on Kafka's topics.
    - name: temporary
      emptyDir:
        sizeLimit: 1Gi
    - name: cache
      emptyDir:
        sizeLimit: 2Gi
    {{- with .root.Values.extraVolumes }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
  {{- if .root.Values.topologySpread }}
  topologySpreadConstraints:
    - maxSkew: 1
      topologyKey: kubernetes.io/hostname
      whenUnsatisfiable: ScheduleAnyway
      labelSelector:
        matchLabels:
          {{- include "inkstream.selector" . | nindent 10 }}
  {{- end }}
  {{- with .root.Values.nodeSelector }}
  nodeSelector:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with .root.Values.tolerations }}
  tolerations:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with .root.Values.affinity }}
  affinity:
    {{- toYaml . | nindent 4 }}
  {{- end }}
{{- end -}}

{{/* The pod, alike in both modes but for what its volume `data` is. */}}
{{- define "satudata.podTemplate" -}}
metadata:
  labels:
    {{- with merge (dict) .Values.podLabels .Values.commonLabels }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
    {{- include "satudata.selector" . | nindent 4 }}
  annotations:
    # The server reads this once: a change is a new pod. Of what it reads again nothing is here.
    checksum/config: {{ include "satudata.config" . | sha256sum }}
    {{- with .Values.podAnnotations }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
spec:
  serviceAccountName: {{ include "satudata.serviceAccount" . }}
  automountServiceAccountToken: false
  enableServiceLinks: false
  terminationGracePeriodSeconds: {{ include "satudata.terminationSeconds" . }}
  {{- with .Values.podSecurityContext }}
  securityContext:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with .Values.imagePullSecrets }}
  imagePullSecrets:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  containers:
    - name: server
      image: {{ include "satudata.image" . | quote }}
      imagePullPolicy: {{ .Values.image.pullPolicy }}
      {{- with .Values.securityContext }}
      securityContext:
        {{- toYaml . | nindent 8 }}
      {{- end }}
      env:
        {{- include "satudata.ownEnv" . | nindent 8 }}
        {{- with .Values.extraEnv }}
        {{- toYaml . | nindent 8 }}
        {{- end }}
      ports:
        - {name: grpc, containerPort: 50051}
        - {name: admin, containerPort: 9464}
        {{- if .Values.web.enabled }}
        - {name: web, containerPort: 8080}
        {{- end }}
      {{- include "satudata.probes" . | nindent 6 }}
      {{- with .Values.resources }}
      resources:
        {{- toYaml . | nindent 8 }}
      {{- end }}
      volumeMounts:
        - {name: files, mountPath: /etc/satudata, readOnly: true}
        {{- include "satudata.dataMounts" . | trim | nindent 8 }}
        - {name: tmp, mountPath: /tmp}
        {{- with .Values.extraVolumeMounts }}
        {{- toYaml . | nindent 8 }}
        {{- end }}
  volumes:
    - name: files
      projected:
        defaultMode: 288  # 0440: for the group, which is fsGroup.
        sources:
          {{- include "satudata.files" . | nindent 10 }}
    {{- with include "satudata.dataVolumes" . | trim }}
    {{- . | nindent 4 }}
    {{- end }}
    - name: tmp
      emptyDir: {sizeLimit: {{ .Values.tmpSizeLimit }}}
    {{- with .Values.extraVolumes }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
  {{- with .Values.topologySpreadConstraints }}
  topologySpreadConstraints:
    {{- range . }}
    - labelSelector:
        matchLabels:
          {{- include "satudata.selector" $ | nindent 10 }}
      {{- toYaml (omit . "labelSelector") | nindent 6 }}
    {{- end }}
  {{- end }}
  {{- with .Values.priorityClassName }}
  priorityClassName: {{ . | quote }}
  {{- end }}
  {{- with .Values.hostAliases }}
  hostAliases:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with .Values.nodeSelector }}
  nodeSelector:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with .Values.tolerations }}
  tolerations:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with .Values.affinity }}
  affinity:
    {{- toYaml . | nindent 4 }}
  {{- end }}
{{- end }}

{{/*
The admin port says more than gRPC's health does: whether the database answers. Where it asks for a certificate, which
the kubelet does not have, what is left is gRPC's health (in clear only) and whether ports are open.
*/}}
{{- define "satudata.probes" -}}
{{- $admin := dict "tcpSocket" (dict "port" "admin") -}}
{{- $ready := dict "tcpSocket" (dict "port" "grpc") -}}
{{- if not (include "satudata.adminWantsCertificates" .) -}}
{{- $scheme := ternary "HTTPS" "HTTP" (not (empty .Values.tls.admin.secretName)) -}}
{{- $admin = dict "httpGet" (dict "path" "/healthz" "port" "admin" "scheme" $scheme) -}}
{{- $ready = dict "httpGet" (dict "path" "/readyz" "port" "admin" "scheme" $scheme) -}}
{{- else if not .Values.tls.grpc.secretName -}}
{{- $ready = dict "grpc" (dict "port" 50051) -}}
{{- end -}}
startupProbe:
  {{- toYaml (merge (deepCopy $admin) .Values.probes.startup) | nindent 2 }}
readinessProbe:
  {{- toYaml (merge $ready .Values.probes.readiness) | nindent 2 }}
livenessProbe:
  {{- toYaml (merge (deepCopy $admin) .Values.probes.liveness) | nindent 2 }}
{{- end }}

{{/* /data holds the database with sqlite, /data/content the content files. */}}
{{- define "satudata.dataMounts" -}}
{{- if eq .Values.mode "sqlite" -}}
- {name: data, mountPath: /data}
{{- end }}
{{- if or (eq .Values.mode "postgres") .Values.content.existingClaim }}
- name: content
  mountPath: /data/content
  {{- with .Values.content.subPath }}
  subPath: {{ . | quote }}
  {{- end }}
{{- end }}
{{- end }}

{{- define "satudata.dataVolumes" -}}
{{- if and (eq .Values.mode "sqlite") .Values.persistence.existingClaim -}}
- {name: data, persistentVolumeClaim: {claimName: {{ .Values.persistence.existingClaim | quote }}}}
{{- end }}
{{- if or (eq .Values.mode "postgres") .Values.content.existingClaim }}
- name: content
  persistentVolumeClaim:
    claimName: {{ .Values.content.existingClaim | default (printf "%s-content" (include "satudata.fullname" .)) | quote }}
{{- end }}
{{- end }}

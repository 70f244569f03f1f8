{{/*
What the servers are told. Everything that is a file lies under /etc/satudata, in one volume, which Kubernetes replaces as
a whole when a Secret or ConfigMap changes:

  config.yaml  roles.yaml  jwks.json          secrets/NAME
  grpc.crt grpc.key grpc-clients.crt          web.*  admin.*
  splp-ca.crt splp.crt splp.key               sipd*
*/}}

{{/* A setting's value as text: whole numbers without an exponent, on and off, which YAML takes for a boolean. */}}
{{- define "satudata.text" -}}
{{- if kindIs "bool" . -}}
{{ ternary "on" "off" . }}
{{- else if kindIs "string" . -}}
{{ . }}
{{- else if eq (float64 .) (floor .) -}}
{{ printf "%.0f" (float64 .) }}
{{- else -}}
{{ . }}
{{- end -}}
{{- end }}

{{/* A duration in whole seconds, rounded up. */}}
{{- define "satudata.seconds" -}}
{{- $start := toDate "2006-01-02T15:04:05Z07:00" "2020-01-01T00:00:00Z" -}}
{{- $end := mustDateModify "999ms" (mustDateModify . $start) -}}
{{ sub ($end | unixEpoch) ($start | unixEpoch) }}
{{- end }}

{{/* How long a server may take to stop: it cuts itself off 5 s after the delay and the grace; 10 s more to be sure. */}}
{{- define "satudata.terminationSeconds" -}}
{{- $delay := include "satudata.seconds" (.Values.settings.DRAIN_DELAY | default "0s") -}}
{{- $grace := include "satudata.seconds" (.Values.settings.SHUTDOWN_GRACE | default "10s") -}}
{{ add $delay $grace 5 10 }}
{{- end }}

{{- define "satudata.splpUrl" -}}
{{ .Values.settings.SPLP_API_URL | default (dig "splp" "target" "api_url" "" .Values.config) }}
{{- end }}
{{- define "satudata.sipdUrl" -}}
{{ .Values.settings.SIPD_API_URL | default (dig "sipd" "target" "api_url" "" .Values.config) }}
{{- end }}
{{- define "satudata.oauthUrl" -}}
{{ .Values.settings.SPLP_OAUTH_TOKEN_URL | default (dig "splp" "oauth" "token_url" "" .Values.config) }}
{{- end }}

{{/* Without a certificate that probes could show, HTTP tells them nothing. */}}
{{- define "satudata.adminWantsCertificates" -}}
{{- if or .Values.tls.admin.clientCa.configMap .Values.tls.admin.clientCa.secret }}yes{{ end -}}
{{- end }}
{{- define "satudata.grpcWantsCertificates" -}}
{{- if or .Values.tls.grpc.clientCa.configMap .Values.tls.grpc.clientCa.secret }}yes{{ end -}}
{{- end }}

{{/* The Secret and the key of `secrets.NAME`: dict "root" $ "name" NAME. */}}
{{- define "satudata.secretRef" -}}
{{- $entry := index .root.Values.secrets .name | default dict -}}
name: {{ $entry.name | default .root.Values.existingSecret | quote }}
key: {{ $entry.key | default .name | quote }}
{{- end }}

{{/* One file of the volume: dict "from" {configMap or secret, key} "path" PATH. Empty when `from` names nothing. */}}
{{- define "satudata.file" -}}
{{- if or .from.configMap .from.secret }}
- {{ ternary "configMap" "secret" (not (empty .from.configMap)) }}:
    name: {{ .from.configMap | default .from.secret | quote }}
    items: [{key: {{ .from.key | quote }}, path: {{ .path }}}]
{{- end }}
{{- end }}

{{/* Certificate and key of a Secret of type kubernetes.io/tls: dict "secretName" NAME "path" PATH. */}}
{{- define "satudata.keyPair" -}}
{{- if .secretName }}
- secret:
    name: {{ .secretName | quote }}
    items: [{key: tls.crt, path: {{ .path }}.crt}, {key: tls.key, path: {{ .path }}.key}]
{{- end }}
{{- end }}

{{/* The sources of the volume at /etc/satudata. */}}
{{- define "satudata.files" -}}
{{- $root := . -}}
- configMap:
    name: {{ include "satudata.fullname" . }}
    items: [{key: config.yaml, path: config.yaml}]
{{- if .Values.auth.roles }}
- configMap:
    name: {{ include "satudata.fullname" . }}-roles
    items: [{key: roles.yaml, path: roles.yaml}]
{{- end }}
{{- range $name, $entry := .Values.secrets }}
{{- if ne $name "DATABASE_URL" }}
{{- $ref := include "satudata.secretRef" (dict "root" $root "name" $name) | fromYaml }}
- secret:
    name: {{ $ref.name | quote }}
    items: [{key: {{ $ref.key | quote }}, path: secrets/{{ $name }}}]
{{- end }}
{{- end }}
{{- include "satudata.file" (dict "from" .Values.auth.jwks "path" "jwks.json") }}
{{- range $listener, $tls := .Values.tls }}
{{- include "satudata.keyPair" (dict "secretName" $tls.secretName "path" $listener) }}
{{- include "satudata.file" (dict "from" ($tls.clientCa | default dict) "path" (printf "%s-clients.crt" $listener)) }}
{{- end }}
{{- range $target, $tls := .Values.targetTls }}
{{- include "satudata.file" (dict "from" $tls.caBundle "path" (printf "%s-ca.crt" $target)) }}
{{- include "satudata.keyPair" (dict "secretName" $tls.clientSecretName "path" $target) }}
{{- end }}
{{- end }}

{{/* What the chart sets, as a list of variables. */}}
{{- define "satudata.ownEnv" -}}
{{- $root := . -}}
- {name: CONFIG_FILE, value: /etc/satudata/config.yaml}
- {name: GRPC_LISTEN, value: "{{ .Values.listenHost }}:50051"}
- {name: WEB_LISTEN, value: "{{ ternary .Values.listenHost "127.0.0.1" .Values.web.enabled }}:8080"}
- {name: ADMIN_LISTEN, value: "{{ .Values.listenHost }}:9464"}
- {name: CONTENT_DIR, value: /data/content}
{{- if eq .Values.mode "sqlite" }}
- {name: DATABASE_URL, value: "sqlite:////data/integration.db"}
{{- else }}
- name: DATABASE_URL
  valueFrom:
    secretKeyRef:
      {{- include "satudata.secretRef" (dict "root" $root "name" "DATABASE_URL") | nindent 6 }}
{{- end }}
{{- range $name, $entry := .Values.secrets }}
{{- if ne $name "DATABASE_URL" }}
- {name: {{ $name }}_FILE, value: /etc/satudata/secrets/{{ $name }}}
{{- end }}
{{- end }}
{{- if .Values.auth.roles }}
- {name: ROLES_FILE, value: /etc/satudata/roles.yaml}
{{- end }}
{{- if or .Values.auth.jwks.configMap .Values.auth.jwks.secret }}
- {name: JWKS_FILE, value: /etc/satudata/jwks.json}
{{- end }}
{{- range $listener, $tls := .Values.tls }}
{{- $prefix := ternary "" (printf "%s_" (upper $listener)) (eq $listener "grpc") }}
{{- if $tls.secretName }}
- {name: {{ $prefix }}TLS_CERT_FILE, value: /etc/satudata/{{ $listener }}.crt}
- {name: {{ $prefix }}TLS_KEY_FILE, value: /etc/satudata/{{ $listener }}.key}
{{- end }}
{{- $clients := $tls.clientCa | default dict }}
{{- if or $clients.configMap $clients.secret }}
- {name: {{ $prefix }}TLS_CLIENT_CA_FILE, value: /etc/satudata/{{ $listener }}-clients.crt}
{{- end }}
{{- end }}
{{- range $target, $tls := .Values.targetTls }}
{{- if or $tls.caBundle.configMap $tls.caBundle.secret }}
- {name: {{ upper $target }}_CA_BUNDLE_FILE, value: /etc/satudata/{{ $target }}-ca.crt}
{{- end }}
{{- if $tls.clientSecretName }}
- {name: {{ upper $target }}_CLIENT_CERT_FILE, value: /etc/satudata/{{ $target }}.crt}
- {name: {{ upper $target }}_CLIENT_KEY_FILE, value: /etc/satudata/{{ $target }}.key}
{{- end }}
{{- end }}
{{- range $name, $value := .Values.settings }}
- {name: {{ $name }}, value: {{ include "satudata.text" $value | quote }}}
{{- end }}
{{- end }}

{{/*
What a schema cannot say, or would say badly: each complaint is one line that names the value and the cure. Included once,
by workload.yaml.
*/}}
{{- define "satudata.checks" -}}
{{- include "satudata.checkMode" . -}}
{{- include "satudata.checkSecrets" . -}}
{{- include "satudata.checkTargets" . -}}
{{- include "satudata.checkFiles" . -}}
{{- include "satudata.checkEdge" . -}}
{{- end }}

{{- define "satudata.checkMode" -}}
{{- with .Values -}}
{{- if and (eq .mode "sqlite") (gt (int .replicas) 1) -}}
{{- fail (printf "replicas: %d, but SQLite is one file that one server owns; set replicas=1, or mode=postgres" (int .replicas)) -}}
{{- end -}}
{{- if and (eq .mode "sqlite") .autoscaling.enabled -}}
{{- fail "autoscaling.enabled: SQLite is one file that one server owns; set autoscaling.enabled=false, or mode=postgres" -}}
{{- end -}}
{{- if and .autoscaling.enabled (lt (int .autoscaling.maxReplicas) (int .autoscaling.minReplicas)) -}}
{{- fail "autoscaling.maxReplicas: less than autoscaling.minReplicas; raise it" -}}
{{- end -}}
{{- if and .autoscaling.enabled (not (dig "requests" "cpu" "" .resources)) -}}
{{- fail "resources.requests.cpu: missing, and autoscaling counts in parts of it; set it" -}}
{{- end -}}
{{- end -}}
{{- end }}

{{- define "satudata.checkSecrets" -}}
{{- with .Values -}}
{{- range $name, $entry := .secrets -}}
{{- if not ($entry.name | default $.Values.existingSecret) -}}
{{- fail (printf "secrets.%s: no Secret is named; set secrets.%s.name, or existingSecret for all" $name $name) -}}
{{- end -}}
{{- end -}}
{{- if not (hasKey .secrets "JWT_SECRET") -}}
{{- fail "secrets.JWT_SECRET: missing, and servers sign sessions with it; name the Secret that holds it, like secrets.JWT_SECRET.name=NAME" -}}
{{- end -}}
{{- if and (eq .mode "postgres") (not (hasKey .secrets "DATABASE_URL")) -}}
{{- fail "secrets.DATABASE_URL: missing with mode=postgres; name the Secret that holds postgresql://USER:PASSWORD@HOST:PORT/DATABASE, like secrets.DATABASE_URL.name=NAME" -}}
{{- end -}}
{{- if and (eq .mode "sqlite") (hasKey .secrets "DATABASE_URL") -}}
{{- fail "secrets.DATABASE_URL: set, but mode is sqlite, which has its file; set mode=postgres, or remove it" -}}
{{- end -}}
{{- end -}}
{{- end }}

{{- define "satudata.checkTargets" -}}
{{- $splp := include "satudata.splpUrl" . -}}
{{- $sipd := include "satudata.sipdUrl" . -}}
{{- $oauth := include "satudata.oauthUrl" . -}}
{{- $secrets := .Values.secrets -}}
{{- if not (or $splp $sipd) -}}
{{- fail "settings.SPLP_API_URL: missing, and so is settings.SIPD_API_URL; set at least one of them" -}}
{{- end -}}
{{- if and $oauth (not (hasKey $secrets "SPLP_OAUTH_CLIENT_SECRET")) -}}
{{- fail "secrets.SPLP_OAUTH_CLIENT_SECRET: missing beside the token endpoint; name the Secret that holds it, like secrets.SPLP_OAUTH_CLIENT_SECRET.name=NAME" -}}
{{- end -}}
{{- if and $splp (not $oauth) (not (or (hasKey $secrets "SPLP_API_KEY") (hasKey $secrets "EXTERNAL_API_KEY"))) -}}
{{- fail "secrets.SPLP_API_KEY: missing; name the Secret that holds it, like secrets.SPLP_API_KEY.name=NAME, or give secrets.EXTERNAL_API_KEY" -}}
{{- end -}}
{{- if and $sipd (not (or (hasKey $secrets "SIPD_BEARER_TOKEN") (hasKey $secrets "EXTERNAL_API_KEY"))) -}}
{{- fail "secrets.SIPD_BEARER_TOKEN: missing; name the Secret that holds it, like secrets.SIPD_BEARER_TOKEN.name=NAME, or give secrets.EXTERNAL_API_KEY" -}}
{{- end -}}
{{- end }}

{{- define "satudata.checkFiles" -}}
{{- with .Values -}}
{{- $files := dict "auth.jwks" .auth.jwks "tls.grpc.clientCa" .tls.grpc.clientCa "tls.admin.clientCa" .tls.admin.clientCa "targetTls.splp.caBundle" .targetTls.splp.caBundle "targetTls.sipd.caBundle" .targetTls.sipd.caBundle -}}
{{- range $name, $from := $files -}}
{{- if and $from.configMap $from.secret -}}
{{- fail (printf "%s.secret: set beside %s.configMap; keep one of the two" $name $name) -}}
{{- end -}}
{{- end -}}
{{- range $listener := list "grpc" "admin" -}}
{{- $tls := index $.Values.tls $listener -}}
{{- if and (or $tls.clientCa.configMap $tls.clientCa.secret) (not $tls.secretName) -}}
{{- fail (printf "tls.%s.clientCa: needs TLS; set tls.%s.secretName as well" $listener $listener) -}}
{{- end -}}
{{- end -}}
{{- if and (or .settings.JWT_ISSUER .settings.JWT_AUDIENCE) (not (or .auth.jwks.configMap .auth.jwks.secret)) -}}
{{- fail "auth.jwks: missing beside settings.JWT_ISSUER or settings.JWT_AUDIENCE; name the ConfigMap or Secret that holds the keys" -}}
{{- end -}}
{{- end -}}
{{- end }}

{{- define "satudata.checkEdge" -}}
{{- with .Values.web -}}
{{- if and .ingress.enabled (not .enabled) -}}
{{- fail "web.ingress.enabled: there is no page behind it; set web.enabled=true" -}}
{{- end -}}
{{- if and .ingress.enabled (not .ingress.hosts) -}}
{{- fail "web.ingress.hosts: empty; name the host, like web.ingress.hosts={data.example.go.id}" -}}
{{- end -}}
{{- end -}}
{{- $own := list "JWT_SECRET" "DATABASE_URL" "EXTERNAL_API_KEY" "SPLP_API_KEY" "SIPD_BEARER_TOKEN" "SPLP_OAUTH_CLIENT_SECRET" "SPLP_SECOND_KEY" "SIPD_SECOND_KEY" -}}
{{- range include "satudata.ownEnv" . | fromYamlArray -}}
{{- $own = append $own .name -}}
{{- end -}}
{{- range .Values.extraEnv -}}
{{- if has .name $own -}}
{{- fail (printf "extraEnv: %s is the chart's to set; use settings, secrets or the value it comes from" .name) -}}
{{- end -}}
{{- end -}}
{{- end }}

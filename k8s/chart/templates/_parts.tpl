{{/* Parts that several objects share. */}}

{{- define "sallyport.image" -}}
{{- with .Values.image -}}
{{ .repository }}{{ if .digest }}@{{ .digest }}{{ else }}:{{ .tag | default $.Chart.AppVersion }}{{ end }}
{{- end -}}
{{- end -}}

{{/* Every setting and its value: the operator's, those that the objects rely on, and where the files of the Secret are. */}}
{{- define "sallyport.settings" -}}
{{- $own := dict
  "SALLYPORT_LISTEN" "0.0.0.0:3000"
  "SALLYPORT_MANAGEMENT_LISTEN" "0.0.0.0:9000"
  "SALLYPORT_MIGRATIONS" (ternary "check" "run" .Values.migration.enabled)
  "SALLYPORT_DRAIN_DELAY" "5s" -}}
{{- range $name, $key := .Values.secret.files -}}
{{- $_ := set $own (printf "%s_FILE" $name) (printf "/run/secrets/sallyport/%s" $key) -}}
{{- end -}}
{{- merge (dict) .Values.config $own | toYaml -}}
{{- end -}}

{{- define "sallyport.host" -}}
{{ (urlParse .Values.config.SALLYPORT_ISSUER).hostname }}
{{- end -}}

{{/* What every pod has beside its containers. Volumes are last, so that a pod can add one. */}}
{{- define "sallyport.pod" -}}
automountServiceAccountToken: false
# Otherwise Kubernetes adds SALLYPORT_PORT and others of the Service, which are refused as unknown settings.
enableServiceLinks: false
{{- with .Values.imagePullSecrets }}
imagePullSecrets:
  {{- range . }}
  - name: {{ . }}
  {{- end }}
{{- end }}
{{- with .Values.nodeSelector }}
nodeSelector: {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.tolerations }}
tolerations: {{- toYaml . | nindent 2 }}
{{- end }}
securityContext:
  runAsNonRoot: true
  runAsUser: 65532
  runAsGroup: 65532
  fsGroup: 65532
  seccompProfile:
    type: RuntimeDefault
volumes:
  - name: secrets
    secret:
      secretName: {{ .Values.secret.name }}
      defaultMode: 288 # 0440
  - name: tmp
    emptyDir:
      sizeLimit: 64Mi
{{- end -}}

{{/* What every container has beside its name, command and settings. Mounts are last, so that a container can add one. */}}
{{- define "sallyport.container" -}}
image: {{ include "sallyport.image" . }}
imagePullPolicy: IfNotPresent
securityContext:
  allowPrivilegeEscalation: false
  readOnlyRootFilesystem: true
  capabilities:
    drop: [ALL]
volumeMounts:
  - name: secrets
    mountPath: /run/secrets/sallyport
    readOnly: true
  - name: tmp
    mountPath: /tmp
{{- end -}}

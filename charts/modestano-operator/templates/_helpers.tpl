{{- define "modestano.name" -}}
{{- .Values.nameOverride | default .Chart.Name | trunc 40 | trimSuffix "-" -}}
{{- end -}}

{{/* The release's name where it says what it is, else with the chart's. Everything is named after it, as kustomize's namePrefix does. */}}
{{- define "modestano.fullname" -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride | trunc 40 | trimSuffix "-" -}}
{{- else if contains (include "modestano.name" .) .Release.Name -}}
{{- .Release.Name | trunc 40 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name (include "modestano.name" .) | trunc 40 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{- define "modestano.manager" -}}
{{- include "modestano.fullname" . }}-controller-manager
{{- end -}}

{{- define "modestano.selector" -}}
app.kubernetes.io/name: {{ include "modestano.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{- define "modestano.labels" -}}
{{ include "modestano.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | quote }}
{{- end -}}

{{- define "modestano.serviceAccount" -}}
{{- if .Values.serviceAccount.create -}}
{{- .Values.serviceAccount.name | default (include "modestano.manager" .) -}}
{{- else -}}
{{- required "serviceAccount.name is needed where serviceAccount.create is false" .Values.serviceAccount.name -}}
{{- end -}}
{{- end -}}

{{- define "modestano.priorityClass" -}}
{{- .Values.priorityClass.name | default (ternary (include "modestano.manager" .) "" .Values.priorityClass.create) -}}
{{- end -}}

{{- define "modestano.metricsPort" -}}
{{- ternary 8443 8080 .Values.metrics.secure -}}
{{- end -}}

{{/* A role of files/rbac: (dict "root" $ "file" … "name" … "namespace" …, "labels" …); without a namespace a ClusterRole. */}}
{{- define "modestano.role" -}}
apiVersion: rbac.authorization.k8s.io/v1
kind: {{ ternary "Role" "ClusterRole" (hasKey . "namespace") }}
metadata:
  name: {{ include "modestano.fullname" .root }}-{{ .name }}
  {{- with .namespace }}
  namespace: {{ . }}
  {{- end }}
  labels:
    {{- include "modestano.labels" .root | nindent 4 }}
    {{- with .labels }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
rules:
{{ .root.Files.Get (printf "files/rbac/%s.yaml" .file) | replace "- modestano-operator" (printf "- %s" (include "modestano.fullname" .root)) }}
{{- end -}}

{{/* Gives such a role to the operator's service account. */}}
{{- define "modestano.binding" -}}
apiVersion: rbac.authorization.k8s.io/v1
kind: {{ ternary "RoleBinding" "ClusterRoleBinding" (hasKey . "namespace") }}
metadata:
  name: {{ include "modestano.fullname" .root }}-{{ .name | trimSuffix "-role" }}-rolebinding
  {{- with .namespace }}
  namespace: {{ . }}
  {{- end }}
  labels:
    {{- include "modestano.labels" .root | nindent 4 }}
roleRef:
  apiGroup: rbac.authorization.k8s.io
  kind: {{ ternary "Role" "ClusterRole" (hasKey . "namespace") }}
  name: {{ include "modestano.fullname" .root }}-{{ .name }}
subjects:
- kind: ServiceAccount
  name: {{ include "modestano.serviceAccount" .root }}
  namespace: {{ .root.Release.Namespace }}
{{- end -}}

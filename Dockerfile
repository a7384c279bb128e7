# syntax=docker/dockerfile:1
# The operator's image: compiled ahead of time for the target on the builder's own platform, run by .NET's chiseled base (no shell, no package manager).
# "extra" has the time zones that windows and freezes name.
# `make image` builds it, with an SBOM and provenance attached. To pin the bases by content, give SDK and RUNTIME with @sha256.
ARG SDK=mcr.microsoft.com/dotnet/sdk:10.0.401-noble
ARG RUNTIME=mcr.microsoft.com/dotnet/aspnet:10.0.12-noble-chiseled-extra

FROM --platform=$BUILDPLATFORM ${SDK} AS build
ENV DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
WORKDIR /source
COPY global.json Directory.Build.props Directory.Packages.props .editorconfig ./
COPY src/Crds/Modestano.Crds.csproj src/Crds/packages.lock.json src/Crds/
COPY src/Operator/Modestano.Operator.csproj src/Operator/packages.lock.json src/Operator/
# Its own layer: packages are fetched again only when a lock file changes.
RUN dotnet restore src/Operator --locked-mode
COPY src/Crds src/Crds
COPY src/Operator src/Operator
ARG VERSION=0.1.0
ARG COMMIT
ARG TARGETARCH
RUN dotnet publish src/Operator -c Release --no-restore -a ${TARGETARCH} -o /app -p:UseAppHost=false -p:Version=${VERSION} -p:SourceRevisionId=${COMMIT}

FROM ${RUNTIME}
ARG VERSION=0.1.0
ARG COMMIT
LABEL org.opencontainers.image.title="modestano-operator" \
      org.opencontainers.image.source="https://github.com/modestano/modestano-operator" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${COMMIT}"
# The root file system is read-only in a pod: no diagnostics sockets in /tmp.
# Words are the same in every language: of what "extra" brings, only the time zones are used.
ENV DOTNET_EnableDiagnostics=0 DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=true
COPY --from=build /app /app
# A number, so that runAsNonRoot can tell; it is the base image's user `app`.
USER 1654:1654
EXPOSE 8080 8081
ENTRYPOINT ["dotnet", "/app/modestano-operator.dll"]

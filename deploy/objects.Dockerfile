# MinIO and its client from source: the project publishes no images any more (docs/decisions). The version is the one the tests run on.
FROM golang:1.26-bookworm AS build
RUN CGO_ENABLED=0 GOBIN=/out go install github.com/minio/minio@v0.0.0-20260212201848-7aac2a2c5b7c
RUN CGO_ENABLED=0 GOBIN=/out go install github.com/minio/mc@v0.0.0-20250313080218-cf909e1063a9

FROM debian:bookworm-slim
COPY --from=build /out/minio /out/mc /usr/local/bin/
COPY deploy/objects.sh /usr/local/bin/objects-setup
RUN useradd --system --uid 1000 objects && mkdir /data && chown objects /data
USER objects
ENV MINIO_UPDATE=off MINIO_BROWSER=off
CMD ["minio", "server", "--quiet", "--address", ":9000", "/data"]

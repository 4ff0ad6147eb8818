# Two stages: the first builds wheels of the locked versions, the second holds nothing but what runs.
FROM python:3.11-slim AS build
WORKDIR /build
COPY requirements.lock pyproject.toml README.md LICENSE ./
COPY bot bot
COPY handlers handlers
COPY storage storage
RUN python -m venv /opt/driftless \
 && /opt/driftless/bin/pip install --no-cache-dir --require-hashes -r requirements.lock \
 && /opt/driftless/bin/pip install --no-cache-dir --no-deps --no-build-isolation .

FROM python:3.11-slim
RUN useradd --system --uid 10001 --home-dir /data --shell /usr/sbin/nologin driftless \
 && install -d -o driftless -g driftless /data
COPY --from=build /opt/driftless /opt/driftless
ENV PATH=/opt/driftless/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 MPLCONFIGDIR=/tmp/matplotlib
USER driftless
WORKDIR /data
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s CMD \
  ["python", "-c", "import os, urllib.request as u; p = os.environ.get('WEB_PORT'); p and u.urlopen(f'http://127.0.0.1:{p}/healthz', timeout=4)"]
CMD ["sh", "-c", "driftless migrate && exec driftless run"]

# Yijue as an image: built by make's own steps out of pinned packages, run without root and without a writable disk.
FROM python:3.11-slim-bookworm AS build
RUN apt-get update && apt-get install --yes --no-install-recommends make && rm -rf /var/lib/apt/lists/*
WORKDIR /src
COPY . .
RUN make wheel
RUN python -m venv /opt/yijue \
 && /opt/yijue/bin/pip install --no-cache-dir --disable-pip-version-check --require-hashes -r requirements.lock \
 && /opt/yijue/bin/pip install --no-cache-dir --disable-pip-version-check --no-deps dist/*.whl

FROM python:3.11-slim-bookworm
# Ideographs of Extensions G and later, found by their name.
RUN apt-get update && apt-get install --yes --no-install-recommends fontconfig fonts-babelstone-han \
 && rm -rf /var/lib/apt/lists/*
RUN groupadd --system --gid 10001 yijue \
 && useradd --system --uid 10001 --gid 10001 --home-dir /nonexistent --shell /usr/sbin/nologin yijue \
 && install --directory --owner yijue --group yijue --mode 750 /heads
COPY --from=build /opt/yijue /opt/yijue
ENV PATH=/opt/yijue/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
USER 10001
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=3 \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/ready', timeout=4)"]
ENTRYPOINT ["yijue"]
CMD ["serve", "--host", "0.0.0.0", "--port", "8000"]

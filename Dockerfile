# The portal's only image: web, worker, beat and one-shot commands differ in their command (docker-compose.yml).
FROM python:3.13-slim-trixie

# Pango makes PDF; the PostgreSQL client makes backups and must not be older than the server.
RUN apt-get update && apt-get install --yes --no-install-recommends \
      libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-dejavu-core postgresql-client-17 \
    && rm -rf /var/lib/apt/lists/*

WORKDIR /portal
COPY requirements-produccion.lock ./
RUN pip install --no-cache-dir --no-deps --require-hashes --requirement requirements-produccion.lock
COPY . .

ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 PORTAL_VAR=/var/lib/portal ESTATICOS_DIR=/portal/staticfiles
# The key of this line signs nothing: collectstatic only needs the settings to load.
RUN PORTAL_MODO=demo SECRET_KEY=construccion python manage.py collectstatic --noinput --ignore=rest_framework \
    && useradd --system --uid 10001 portal && install --directory --owner=portal --mode=0700 /var/lib/portal
USER portal
EXPOSE 8000
CMD ["gunicorn", "sdfi_portal.wsgi", "--bind=0.0.0.0:8000", "--no-control-socket", "--worker-class=gthread", \
     "--workers=2", "--threads=4", "--timeout=60", "--graceful-timeout=30", "--worker-tmp-dir=/dev/shm", \
     "--preload", "--max-requests=20000", "--max-requests-jitter=2000"]

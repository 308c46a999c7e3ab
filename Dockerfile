# The portal's image: one for web, worker, relay, beat and the one-off jobs.
FROM python:3.13-slim AS build
RUN pip install --no-cache-dir uv==0.13.8
COPY docker/requirements.lock ./
RUN uv venv /venv && uv pip sync --python /venv/bin/python --require-hashes requirements.lock

FROM python:3.13-slim
# The group is named in docker-compose.yml too: nginx reads the files as one of it.
RUN groupadd --gid 10001 portal && useradd --uid 10001 --gid portal --no-create-home --shell /usr/sbin/nologin portal \
 && install --directory --owner=portal --group=portal --mode=0750 /data
COPY --from=build /venv /venv
WORKDIR /app
COPY . .
RUN python -m compileall -q /app
ENV PATH=/venv/bin:$PATH HOME=/tmp PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 PORTAL_DATA=/data
USER portal
VOLUME /data
EXPOSE 8000
CMD ["gunicorn", "--config=python:aiexports.web", "aiexports.wsgi:application"]

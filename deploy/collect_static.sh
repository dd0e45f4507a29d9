#!/bin/sh
# Collect the static files while the image is built: needs settings, but neither a database nor a real key.
set -eu
SECRET_KEY=build SILON_KEK="$(head -c 32 /dev/zero | base64)" \
  DATABASE_URL=postgresql://build@build/build REDIS_URL=redis://build \
  python manage.py collectstatic --noinput --verbosity 0

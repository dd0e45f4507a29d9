#!/bin/sh
# Runs once, when the container's database is new: the two roles and the database. Passwords by environment.
set -eu
psql --set=ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname postgres \
  --set=owner_password="$SILON_OWNER_PASSWORD" --set=app_password="$SILON_APP_PASSWORD" <<'SQL'
CREATE ROLE silon_owner LOGIN PASSWORD :'owner_password';
CREATE ROLE silon_app LOGIN PASSWORD :'app_password';
CREATE DATABASE silon OWNER silon_owner;
SQL

#!/bin/sh
# Writes the database to backups/ and deletes backups older than KEEP_DAYS (14) days.
set -eu
umask 077
cd "$(dirname "$0")/../.."

mkdir -p backups
file="backups/$(date -u +%Y-%m-%dT%H%M%SZ).dump"
trap 'rm -f "$file.part"' EXIT

# The variables are those of the database's container.
# shellcheck disable=SC2016
docker compose exec -T database sh -c \
  'pg_dump --format custom --username "$POSTGRES_USER" "$POSTGRES_DB"' > "$file.part"
mv "$file.part" "$file"

find backups -name '*.dump' -mtime "+${KEEP_DAYS:-14}" -delete
echo "$file"

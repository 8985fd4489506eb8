#!/bin/sh
# Puts the database back to what a backup holds: sh deploy/vps/restore.sh backups/NAME.dump
# What was written since then is lost. If the backup cannot be read, nothing changes.
set -eu

if [ $# -ne 1 ] || [ ! -f "$1" ]; then
  echo "usage: $0 BACKUP" >&2
  exit 2
fi
backup=$(realpath "$1")
cd "$(dirname "$0")/../.."

# The variables are those of the database's container.
# shellcheck disable=SC2016
docker compose exec -T database sh -ec '
  export PGUSER="$POSTGRES_USER" PGOPTIONS="--client-min-messages=warning"
  dropdb --if-exists "${POSTGRES_DB}_restored"
  createdb "${POSTGRES_DB}_restored"
  pg_restore --exit-on-error --single-transaction --dbname "${POSTGRES_DB}_restored"
' < "$backup"

docker compose stop app
# shellcheck disable=SC2016
docker compose exec -T database sh -ec '
  export PGUSER="$POSTGRES_USER"
  dropdb --force "$POSTGRES_DB"
  psql --quiet --dbname postgres --command "ALTER DATABASE ${POSTGRES_DB}_restored RENAME TO $POSTGRES_DB"
' < /dev/null

# Brings an older backup to the schema of this release, and starts the application.
docker compose up --no-build --wait

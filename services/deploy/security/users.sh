#!/bin/sh
# Gives each user the password that credentials.sh has made: one USER.scram in FOLDER for each.
#
#   users.sh FOLDER --bootstrap-server HOST:PORT [--command-config FILE]
#
# Runs kafka-configs.sh, of the PATH or of /opt/kafka/bin. The passwords are not on its command line.
set -eu
[ $# -ge 3 ] || { echo "users.sh: see the head of this file." >&2; exit 1; }
folder=$1
shift
tool=$(command -v kafka-configs.sh || echo /opt/kafka/bin/kafka-configs.sh)
for file in "$folder"/*.scram; do
    user=$(basename "$file" .scram)
    # What it prints may name the password.
    "$tool" "$@" --alter --entity-type users --entity-name "$user" --add-config-file "$file" </dev/null >/dev/null 2>&1 || {
        echo "users.sh: the password of $user could not be set; try kafka-configs.sh with $file." >&2
        exit 1
    }
done

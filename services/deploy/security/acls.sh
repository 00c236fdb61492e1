#!/bin/sh
# Grants each principal what it needs, and nothing else: the list in permissions.txt, which docs/operations.md shows.
#
#   acls.sh --bootstrap-server HOST:PORT [--command-config FILE] [--topic-prefix PREFIX] [--remove] [--principal NAME]…
#   acls.sh --print …         prints the commands instead
#
# Runs kafka-acls.sh, of the PATH or of /opt/kafka/bin. PERMISSIONS names another list.
set -eu

complain() {
    printf 'acls.sh: %s\n' "$1" >&2
    exit 1
}

list=${PERMISSIONS:-$(dirname "$0")/../../corpus-log/src/main/resources/io/inkstream/corpuslog/topics/permissions.txt}
prefix=inkstream
print=
action=--add
principals=
server=
config=
while [ $# -gt 0 ]; do
    case $1 in
        --print) print=yes ;;
        --remove) action=--remove ;;
        --bootstrap-server | --command-config | --topic-prefix | --principal)
            [ $# -ge 2 ] || complain "$1 needs a value."
            case $1 in
                --bootstrap-server) server=$2 ;;
                --command-config) config=$2 ;;
                --topic-prefix) prefix=$2 ;;
                --principal) principals="$principals $2" ;;
            esac
            shift
            ;;
        *) complain "$1 is not an option; see the head of this file." ;;
    esac
    shift
done
[ -n "$print" ] || [ -n "$server" ] || complain "give the brokers with --bootstrap-server."
[ -f "$list" ] || complain "$list does not exist: name the list with PERMISSIONS."

# One command for all resources on which a principal may do the same.
commands() {
    awk -F ' *[|] *' -v prefix="$prefix" -v action="$action" -v wanted="$principals" '
        /^#/ || NF < 5 { next }
        wanted != "" && index(wanted " ", " " $1 " ") == 0 { next }
        {
            many = split($4, each, / *, */)
            for (i = 1; i <= many; i++) {
                name = each[i]
                sub(/^PREFIX/, prefix, name)
                pattern = sub(/[*]$/, "", name) ? "prefixed" : "literal"
                group = $1 "|" $2 "|" $3 "|" pattern
                if (!(group in names)) order[++count] = group
                names[group] = names[group] " --" $3 " " name
            }
        }
        END {
            for (i = 1; i <= count; i++) {
                split(order[i], part, "|")
                operations = " --operation " part[2]
                gsub(/, */, " --operation ", operations)
                printf "%s --force --allow-principal User:%s%s%s --resource-pattern-type %s\n",
                    action, part[1], operations, names[order[i]], part[4]
            }
        }' "$list"
}

tool=$(command -v kafka-acls.sh || echo /opt/kafka/bin/kafka-acls.sh)
commands | while read -r arguments; do
    # No name in the list has a space.
    # shellcheck disable=SC2086
    set -- ${server:+--bootstrap-server "$server"} ${config:+--command-config "$config"} $arguments
    if [ -n "$print" ]; then
        echo "kafka-acls.sh $*"
    else
        "$tool" "$@" </dev/null >/dev/null || complain "kafka-acls.sh $* failed."
    fi
done

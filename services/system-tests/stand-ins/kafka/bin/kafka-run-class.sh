#!/bin/bash
# Runs a class of Kafka's, with the variables that Kafka's own script of this name reads.
home=$(cd "$(dirname "$0")/.." && pwd)
log_dir=${LOG_DIR:-$home/logs}
[ -d "$log_dir" ] || mkdir -p "$log_dir"

options=()
while [ $# -gt 0 ]; do
  case $1 in
    -name) shift 2 ;;
    -loggc)
      [ -n "${KAFKA_GC_LOG_OPTS:-}" ] || KAFKA_GC_LOG_OPTS="-Xlog:gc*:file=$log_dir/kafkaServer-gc.log:time,tags:filecount=10,filesize=100M"
      shift
      ;;
    -daemon) echo "A container has no daemons." >&2; exit 1 ;;
    *) break ;;
  esac
done

[ -n "${JMX_PORT:-}" ] && options+=("-Dcom.sun.management.jmxremote.port=$JMX_PORT")
# shellcheck disable=SC2086 # each of these variables may hold several options
exec java ${KAFKA_HEAP_OPTS:--Xmx256M} \
  ${KAFKA_JVM_PERFORMANCE_OPTS:--server -XX:+UseG1GC -Djava.awt.headless=true} \
  ${KAFKA_GC_LOG_OPTS:-} ${KAFKA_JMX_OPTS:-} "${options[@]}" \
  -Dkafka.logs.dir="$log_dir" \
  ${KAFKA_LOG4J_OPTS:--Dlog4j2.configurationFile=$home/config/tools-log4j2.yaml} \
  -cp "${CLASSPATH:+$CLASSPATH:}$home/libs/*" ${KAFKA_OPTS:-} "$@"

#!/usr/bin/env bash
# Compares training speed: the pipeline (demo), the same loop without Kafka, and a plain PyTorch program, in turn, so
# that all meet the same machine. Prints tokens per second: the median of the rounds, and the ratios of the medians.
#
#   services/benchmarks/compare-training.sh BOOK [CELL [ROUNDS [EPOCHS [THREADS]]]]
#
# Build first: mvn -DskipTests package. The PyTorch part runs where PYTHON names an interpreter that has torch and
# PEER names a program with the options of a plain training script (default: ../shared/peers/train_torch.py).
set -euo pipefail

book=${1:?name a book}
cell=${2:-rnn}
rounds=${3:-3}
epochs=${4:-200}
threads=${5:-2}
root=$(cd "$(dirname "$0")/../.." && pwd)
peer=${PEER:-$root/../shared/peers/train_torch.py}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

case $cell in rnn) kind=RNN_TANH ;; *) kind=$(echo "$cell" | tr '[:lower:]' '[:upper:]') ;; esac

pipeline() {
    "$root/inkstream" demo "$book" --normalizer time-machine --max-tokens 10000 --cell "$cell" --init pytorch \
        --optimizer sgd --epochs "$epochs" --threads "$threads" --report "$work/report.json" >/dev/null
    sed -n 's/.*"tokensPerSecond" *: *\([0-9]*\).*/\1/p' "$work/report.json"
}

loop() {
    java -cp "$root/services/benchmarks/target/classes:$root/services/cli/target/app/lib/*" \
        io.inkstream.benchmarks.TrainingLoop "$book" "$kind" "$epochs" "$threads" |
        sed -n 's/.*"tokensPerSecond":\([0-9]*\).*/\1/p'
}

torch() {
    "$PYTHON" "$peer" "$book" --cell "$cell" --epochs "$epochs" --threads "$threads" |
        sed -n 's/.*"tokens_per_second": *\([0-9]*\).*/\1/p'
}

median() { sort -n "$1" | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'; }

for round in $(seq "$rounds"); do
    loop >>"$work/loop"
    pipeline >>"$work/pipeline"
    if [ -n "${PYTHON:-}" ] && [ -f "$peer" ]; then torch >>"$work/torch"; fi
    echo "round $round: $(for w in loop pipeline torch; do [ -f "$work/$w" ] && printf '%s %s  ' "$w" "$(tail -n 1 "$work/$w")"; done)"
done

awk -v cell="$cell" -v threads="$threads" -v loop="$(median "$work/loop")" -v pipeline="$(median "$work/pipeline")" \
    -v torch="$([ -f "$work/torch" ] && median "$work/torch" || echo 0)" 'BEGIN {
    printf "%s, %d threads, tokens/s: loop %d, pipeline %d (%.0f %% of the loop)", cell, threads, loop, pipeline, 100 * pipeline / loop
    if (torch > 0) printf ", PyTorch %d (the pipeline is %.2f times as fast)", torch, pipeline / torch
    print ""
}'

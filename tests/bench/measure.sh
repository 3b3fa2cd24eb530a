# Shell functions that the benchmarks share. Commands are measured side by side: they run in turns, so
# that whatever else the machine does meets both, and the medians count.
# shellcheck shell=sh disable=SC2154

# took NAME COUNT COMMAND…: runs COMMAND COUNT times, and adds what each took on average to the
# times of NAME.
took() {
  times=$RELMK_SCRATCH/times.$1
  count=$2
  shift 2
  turns=$(seq "$count")
  began=$(date +%s%N)
  for _ in $turns; do
    "$@" >"$RELMK_SCRATCH/log" 2>&1 || {
      cat "$RELMK_SCRATCH/log" >&2
      echo "bench: error: failed: $*" >&2
      exit 1
    }
  done
  echo $((($(date +%s%N) - began) / 1000 / count)) >>"$times"
}

# median NAME: prints the median of NAME's times, in microseconds, and forgets them.
median() {
  sort -n "$RELMK_SCRATCH/times.$1" | awk '
    { time[NR] = $1 }
    END { print int((time[int((NR + 1) / 2)] + time[int((NR + 2) / 2)]) / 2) }'
  rm "$RELMK_SCRATCH/times.$1"
}

heading() { printf '%-36s %12s   %-28s %12s %8s\n' '' relmk against '' ratio; }

# row WHAT OURS AGAINST THEIRS: a line of the table, of two times in microseconds.
row() {
  awk -v what="$1" -v ours="$2" -v against="$3" -v theirs="$4" 'BEGIN {
    printf "%-36s %9.2f ms   %-28s %9.2f ms %7.1fx\n", what, ours / 1000, against, theirs / 1000,
      theirs / (ours > 0 ? ours : 1)
  }'
}

# prepare COMMAND: what must be done before COMMAND is measured; for a benchmark to define anew.
prepare() { :; }

# compare WHAT OURS AGAINST THEIRS COUNT [ARGUMENT]…: a row of two commands, each called with the
# arguments, $runs times COUNT in a row.
compare() {
  what=$1 ours=$2 against=$3 theirs=$4 each=$5
  shift 5
  for _ in $(seq "$runs"); do
    prepare "$theirs"
    took theirs "$each" "$theirs" "$@"
    prepare "$ours"
    took ours "$each" "$ours" "$@"
  done
  row "$what" "$(median ours)" "$against" "$(median theirs)"
}

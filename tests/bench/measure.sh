# Shell functions that the benchmarks share. Commands are measured side by side: they run in turns, so
# that whatever else the machine does meets all, and the medians count. A row has up to three sides: relmk, what
# it stands for, and a limit, which is what plain programs need for the same bytes.
#
# BENCH_CLOCK=cpu: what is measured is CPU time, the children's too, not what the clock on the wall says.
# BENCH_ROWS=PATTERN: only rows whose name has this shell pattern in it are measured.
# shellcheck shell=sh disable=SC2154

BENCH_CLOCK=${BENCH_CLOCK:-wall}
BENCH_ROWS=${BENCH_ROWS:-}

# The time so far, in microseconds. The shell's children count only when they have ended, and `times` knows
# hundredths of a second.
clock() {
  case $BENCH_CLOCK in
    cpu)
      times >"$RELMK_SCRATCH/clock"
      awk 'NR == 2 { gsub(/[ms]/, " "); printf "%.0f\n", (($1 + $3) * 60 + $2 + $4) * 1e6 }' "$RELMK_SCRATCH/clock"
      ;;
    *) echo $(($(date +%s%N) / 1000)) ;;
  esac
}

# Sets of_clock to the time that it takes to look at the clock.
of_clock=
look_at_clock() {
  for _ in $(seq 21); do
    clock >"$RELMK_SCRATCH/began"
    clock >"$RELMK_SCRATCH/ended"
    echo $(($(cat "$RELMK_SCRATCH/ended") - $(cat "$RELMK_SCRATCH/began"))) >>"$RELMK_SCRATCH/times.clock"
  done
  of_clock=$(median clock)
}

# took NAME COUNT COMMAND…: runs COMMAND COUNT times, and adds what each took on average to the
# times of NAME.
took() {
  [ -n "$of_clock" ] || look_at_clock
  times=$RELMK_SCRATCH/times.$1
  count=$2
  shift 2
  turns=$(seq "$count")
  clock >"$RELMK_SCRATCH/began"
  for _ in $turns; do
    "$@" >"$RELMK_SCRATCH/log" 2>&1 || {
      cat "$RELMK_SCRATCH/log" >&2
      echo "bench: error: failed: $*" >&2
      exit 1
    }
  done
  clock >"$RELMK_SCRATCH/ended"
  echo $((($(cat "$RELMK_SCRATCH/ended") - $(cat "$RELMK_SCRATCH/began") - of_clock) / count)) >>"$times"
}

# median NAME: prints the median of NAME's times, in microseconds, and forgets them.
median() {
  sort -n "$RELMK_SCRATCH/times.$1" | awk '
    { time[NR] = $1 }
    END { print int((time[int((NR + 1) / 2)] + time[int((NR + 2) / 2)]) / 2) }'
  rm "$RELMK_SCRATCH/times.$1"
}

heading() { printf '%-38s %12s   %-28s %12s %8s\n' '' relmk against '' ratio; }

# row WHAT OURS AGAINST THEIRS: a line of the table, of two times in microseconds.
row() {
  awk -v what="$1" -v ours="$2" -v against="$3" -v theirs="$4" 'BEGIN {
    printf "%-38s %9.2f ms   %-28s %9.2f ms %7.1fx\n", what, ours / 1000, against, theirs / 1000,
      theirs / (ours > 0 ? ours : 1)
  }'
}

# note TEXT: a line below a row.
note() { printf '    %s\n' "$1"; }

# sizes WHAT OURS AGAINST THEIRS: a line of the table, of two sizes in bytes.
sizes() {
  awk -v what="$1" -v ours="$2" -v against="$3" -v theirs="$4" 'BEGIN {
    printf "%-38s %9.2f MB   %-28s %9.2f MB %7.2fx\n", what, ours / 1e6, against, theirs / 1e6, theirs / ours
  }'
}

# is_wanted WHAT: whether the row is among those that are to be measured.
is_wanted() {
  case $1 in
    *$BENCH_ROWS*) return 0 ;;
    *) return 1 ;;
  esac
}

# prepare COMMAND [ARGUMENT]…: what must be done before COMMAND is measured; for a benchmark to define anew.
prepare() { :; }

# The next row's limit: what it is, and the command. And what is wanted of that row, in words.
limit_is='' limit='' wanted=''
limited() { limit_is=$1 limit=$2; }
wants() { wanted=$1; }

# compare WHAT OURS AGAINST THEIRS COUNT [ARGUMENT]…: a row of two commands and the limit, each called with
# the arguments, $runs times COUNT in a row. THEIRS may be empty. Leaves ours_took, theirs_took, limit_took.
compare() {
  what=$1 ours=$2 against=$3 theirs=$4 each=$5
  shift 5
  row_limit=$limit row_limit_is=$limit_is row_wanted=$wanted
  limited '' ''
  wants ''
  is_wanted "$what" || return 0
  for _ in $(seq "$runs"); do
    for side in theirs limit ours; do
      case $side in
        theirs) command=$theirs ;;
        limit) command=$row_limit ;;
        *) command=$ours ;;
      esac
      [ -n "$command" ] || continue
      prepare "$command" "$@"
      took "$side" "$each" "$command" "$@"
    done
  done
  ours_took=$(median ours) limit_took=
  [ -z "$row_limit" ] || limit_took=$(median limit)
  if [ -n "$theirs" ]; then
    theirs_took=$(median theirs)
    row "$what" "$ours_took" "$against" "$theirs_took"
  else
    row "$what" "$ours_took" "limit: $row_limit_is" "$limit_took"
    row_limit=
  fi
  [ -z "$row_limit" ] || note "limit: $row_limit_is $(milliseconds "$limit_took") ms, of which relmk takes $(
    awk -v a="$ours_took" -v b="$limit_took" 'BEGIN { printf "%.2f", a / (b > 0 ? b : 1) }') times"
  [ -z "$row_wanted" ] || note "wanted: $row_wanted"
}

milliseconds() { awk -v time="$1" 'BEGIN { printf "%.2f", time / 1000 }'; }

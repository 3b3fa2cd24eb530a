#!/bin/sh
# What a remote console looks like on a screen: tmux is the terminal.
set -eu
# shellcheck source=tests/lib.sh
. tests/lib.sh

if ! command -v tmux >/dev/null; then
  skip 'there is no tmux'
  exit 0
fi
nodetool=$RELMK_TOOLS/nodetool
node=$(unique screen)
RELX_COOKIE=screen_$$
LC_ALL=C.UTF-8
TMUX_TMPDIR=$RELMK_SCRATCH
export RELX_COOKIE LC_ALL TMUX_TMPDIR
unset TMUX

erl -noshell -noinput -sname "$node" -setcookie "$RELX_COOKIE" +pc unicode >"$RELMK_SCRATCH/node" 2>&1 &
started $!
check 'the node starts' "$nodetool" -n "$node" ping --wait 20

terminal() { tmux -u -L screen -f /dev/null "$@"; }
# Each word is a key, or text where no key is named so.
type_keys() { terminal send-keys -t console "$@"; }
type_text() { terminal send-keys -t console -l "$1"; }
# The rows of the screen from the last prompt on, without blanks at their ends.
rows() { terminal capture-pane -p -t console | sed 's/ *$//' | awk '/[0-9]>/{ out = "" } { out = out $0 "\n" } END { printf "%s", out }'; }
rows_are() { [ "$(rows)" = "$1" ]; }
cursor_is() { [ "$(terminal display-message -p -t console '#{cursor_x}')" = "$1" ]; }
# tmux tells a resized terminal's process of it a moment after it has moved the rows.
is_told() { [ "$(stty -F "$(terminal display-message -p -t console '#{pane_tty}')" size)" = "$1" ]; }
shows() { terminal capture-pane -p -J -t console | grep -qF -- "$1"; }

# becomes WHAT FUNCTION ARGUMENT: the function comes to be true.
becomes() {
  what=$1
  shift
  if eventually 30 "$@"; then ok "$what"; else not_ok "$what" "$(terminal capture-pane -p -t console; terminal display-message -p -t console 'cursor: #{cursor_x}')"; fi
}
column() { becomes "$1" cursor_is $((prompt + $2)); }

terminal new-session -d -s console -x 60 -y 12 "$nodetool -n $node remote_console"
becomes 'there is a prompt' shows '1>'
prompt=$(rows | sed -n 's/\(.*[0-9]>\).*/\1 /p' | head -n 1 | tr -d '\n' | wc -c)
name=$(rows | sed -n 's/\(.*\)1>.*/\1/p')

# One character after the other, each to be crossed and erased by one key.
type_text 'x'
for case in 'é:1' '日:2' '👨‍👩‍👧:2' '🇩🇪:2' '1️⃣:2' '❤️:2' '👍🏽:2'; do
  character=${case%:*}
  width=${case##*:}
  type_text "${character}y"
  column "$character: the column behind it" $((2 + width))
  type_keys Left Left
  column "$character: Left crosses it" 1
  type_keys Right
  column "$character: Right crosses it" $((1 + width))
  type_keys BSpace
  becomes "$character: Backspace erases it" rows_are "${name}1> xy"
  column "$character: and the cursor is where it was" 1
  type_keys C-k
done
type_keys C-u
becomes 'nothing is left of them' rows_are "${name}1>"

# A line of several rows, with the cursor in its midst. A key that is shown tells that the size before it was
# heeded.
text='{"The quick brown fox jumps over", "the lazy dog, and the dog does not mind it at all"}.'
for number in 1 2 3 4; do
  becomes "prompt $number" shows "$number>"
  type_text 'ok.'
  type_keys Enter
done
becomes 'the last of several prompts' shows '5>'
type_text "$text"
becomes 'a line that is wrapped' shows "$text"
type_keys C-a
i=0
while [ $i -lt 45 ]; do
  type_keys Right
  i=$((i + 1))
done
becomes 'its middle' cursor_is $(((prompt + 45) % 60))
for width in 40 33 90 60; do
  terminal resize-window -t console -x $width -y 12
  becomes "a terminal of $width columns" is_told "12 $width"
  type_text '#'
  becomes "at $width columns a key is shown at the cursor" shows 'the lazy #dog'
  becomes 'the cursor is behind it' cursor_is $(((prompt + 46) % width))
  type_keys BSpace
  becomes 'the line is whole' shows "5> $text"
  equal 'and there once' 1 "$(terminal capture-pane -p -t console | grep -c '5>')"
done
type_keys Enter
becomes 'and is as it was typed' shows '6>'

# A line that is longer than the screen.
terminal resize-window -t console -x 20 -y 5
becomes 'a small terminal' is_told '5 20'
type_text 'length("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa'
type_text 'bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb").'
becomes 'the end of a line that is longer than the screen' shows 'b").'
type_keys C-a
becomes 'and its begin' shows 'length("a'
type_text 'a'
type_keys C-d Left Left C-d C-e
becomes 'and its end again' shows 'b").'
type_keys C-u
becomes 'which is gone when it is erased' shows '6>'
terminal kill-server

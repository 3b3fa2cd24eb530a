# shellcheck shell=sh disable=SC2034
# Part of the plain start script and of without_nodetool: what nodetool does natively.

# Sets relmk_output_dir to where generated files go: RELX_OUT_FILE_PATH, the version's directory, or, in a
# release that is read-only, this user's directory for running things.
find_output_dir() {
  relmk_output_dir=$REL_DIR
  [ ! -d "${RELX_OUT_FILE_PATH:-}" ] || relmk_output_dir=$RELX_OUT_FILE_PATH
  [ -w "$relmk_output_dir" ] || make_runtime_dir
}

make_runtime_dir() {
  if [ -n "${XDG_RUNTIME_DIR:-}" ] && [ -w "$XDG_RUNTIME_DIR" ]; then
    relmk_output_dir=$XDG_RUNTIME_DIR/$REL_NAME
  elif [ -w /run ]; then
    relmk_output_dir=/run/$REL_NAME
  else
    relmk_output_dir=${TMPDIR:-/tmp}/$REL_NAME-$(id -u)
  fi
  make_private_dir "$relmk_output_dir"
}

make_private_dir() {
  [ -d "$1" ] || (umask 077 && mkdir -- "$1") || exit 1
  belongs_to_us "$1" || fail "$1: error: belongs to another user"
}

belongs_to_us() {
  # shellcheck disable=SC3067
  [ -O "$1" ] && [ ! -L "$1" ]
}

# Sets relmk_node_dir to a directory that only this user can enter, for the files of this node.
make_node_dir() {
  if [ -e "$relmk_output_dir/.$NAME" ] && ! belongs_to_us "$relmk_output_dir/.$NAME"; then
    make_runtime_dir
  fi
  relmk_node_dir=$relmk_output_dir/.$NAME
  make_private_dir "$relmk_node_dir"
}

# Makes START_HOME, the home that the VM is given: cookie $1 in its .erlang.cookie, and links to the
# other files that OTP looks for in a home.
make_start_home() {
  make_node_dir
  START_HOME=$relmk_node_dir
  (
    umask 077
    printf %s "$1" >"$START_HOME/.erlang.cookie.$$"
    mv -f -- "$START_HOME/.erlang.cookie.$$" "$START_HOME/.erlang.cookie"
  )
  for dot_file in .erlang .erlang.crypt .hosts.erlang; do
    rm -f -- "$START_HOME/$dot_file"
    [ ! -e "${HOME:-}/$dot_file" ] || ln -s -- "$HOME/$dot_file" "$START_HOME/$dot_file"
  done
}

# For awk: the word that a text begins with, of pieces with and without quotes as erl reads them, but a #
# inside it is part of it, where erl would cut a cookie. `after` is then what follows.
WORD_IN_AWK='
  function word(text, result, i, c, quote) {
    sub(/^[ \t\n]+/, "", text)
    for (i = 1; i <= length(text); i++) {
      c = substr(text, i, 1)
      if (quote != "") {
        if (c == quote) quote = ""
        else result = result c
      } else if (c == "\"" || c == "\047") quote = c
      else if (c == "\\") result = result substr(text, ++i, 1)
      else if (c ~ /[ \t\r\n]/) break
      else result = result c
    }
    after = substr(text, i)
    return result
  }'

# Takes -setcookie out of ERL_FLAGS and its like, which become the arguments of the VM; RELX_COOKIE_FLAGS
# keeps it for when heart starts the node again. Sets ENVIRONMENT_COOKIE.
hide_environment_cookie() {
  ENVIRONMENT_COOKIE=
  CHANGED_FLAGS=$(awk "$WORD_IN_AWK"'
    function assign(name, value) {
      gsub(/\047/, "\047\\\047\047", value)
      printf "%s=\047%s\047\n", name, value
    }
    function take(rest, w, piece, taking, values) {
      kept = ""
      while (rest ~ /[^ \t\r\n]/) {
        w = word(rest)
        piece = substr(rest, 1, length(rest) - length(after))
        rest = after
        if (taking && w !~ /^[-+]/) {
          cookie = w
          if (++values > 1) exit 1
        } else if ((taking = w == "-setcookie")) {
          cookies++
          values = 0
        } else {
          kept = kept piece
          continue
        }
        taken = taken piece
      }
    }
    BEGIN {
      for (name in ENVIRON) {
        if (name !~ /^(ERL_(A|Z|OTP[0-9]+_)?FLAGS|RELX_COOKIE_FLAGS)$/) continue
        if (!index(ENVIRON[name], "cookie")) continue
        before = cookies
        take(ENVIRON[name])
        if (cookies == before || name == "RELX_COOKIE_FLAGS") continue
        assign(name, kept)
        changed = 1
      }
      if (changed) assign("RELX_COOKIE_FLAGS", taken)
      # The VM heeds none of several.
      if (cookies == 1) assign("ENVIRONMENT_COOKIE", cookie)
    }') || fail '-setcookie for another node, in ERL_FLAGS, needs bin/nodetool'
  eval "$CHANGED_FLAGS"
  [ -z "${RELX_COOKIE_FLAGS-}" ] || export RELX_COOKIE_FLAGS
}

# Sets FLAG_COOKIE to the cookie of vm.args or of the environment's flags. The VM heeds none of two.
find_flag_cookie() {
  hide_environment_cookie
  FLAG_COOKIE=$VM_ARGS_COOKIE$ENVIRONMENT_COOKIE
  if [ -n "$VM_ARGS_COOKIE" ] && [ -n "$ENVIRONMENT_COOKIE" ]; then FLAG_COOKIE=; fi
}

# Reads the vm.args at $1 with all that its -args_file lines name; those that are not there are skipped
# where $2 is given. Sets VM_ARGS_NAME (`-sname x`,
# `-name x` or nothing), VM_ARGS_COOKIE and relmk_vm_args, which is all lines but those with the cookie.
# Exits as relx does: 2 doubled names, 3 a file that cannot be read, 5 a file that includes itself.
read_vm_args() {
  relmk_vm_args=$(VM_ARGS_FILE=$1 VM_ARGS_MISSING=${2:-refuse} awk "$WORD_IN_AWK"'
    function fail(message, code) {
      print message
      failed = code
      exit code
    }
    function read(file, includer, line, got) {
      if (file in open_files)
        fail("circular reference to " file " encountered in " includer, 5)
      open_files[file] = 1
      while ((got = (getline line < file)) > 0) {
        if (line ~ /^-args_file[ \t]/) {
          read(word(substr(line, 11)), file)
        } else if (line ~ /^-setcookie[ \t]/) {
          cookie = word(substr(line, 11))
          if (after ~ /^[ \t\r]*[^ \t\r#]/)
            fail(file ": -setcookie for another node needs bin/nodetool", 1)
        } else {
          if (line ~ /^-s?name[ \t]/) {
            if (name != "")
              fail("\"" line "\" parameter found in " file " but already specified as \"" name "\"", 2)
            name = line
          }
          lines = lines line "\n"
        }
      }
      if (got < 0 && ENVIRON["VM_ARGS_MISSING"] == "refuse")
        fail(file " not found", 3)
      if (got < 0 && missing == "")
        missing = file
      close(file)
      delete open_files[file]
    }
    BEGIN {
      read(ENVIRON["VM_ARGS_FILE"])
      if (name == "" && missing != "")
        fail(missing " not found", 3)
      sub(/[ \t]+$/, "", name)
      printf "%s\n%s\n%s", name, cookie, lines
    }') || {
    VM_ARGS_CODE=$?
    printf '%s\n' "$relmk_vm_args"
    exit "$VM_ARGS_CODE"
  }
  relmk_line_end='
'
  # shellcheck disable=SC2034 # only the extended script has use for it
  VM_ARGS_NAME=${relmk_vm_args%%"$relmk_line_end"*}
  relmk_vm_args=${relmk_vm_args#*"$relmk_line_end"}
  VM_ARGS_COOKIE=${relmk_vm_args%%"$relmk_line_end"*}
  relmk_vm_args=${relmk_vm_args#*"$relmk_line_end"}
}

# Sets START_VM_ARGS to a vm.args that says what $1 says (empty: there is none), but for the cookie.
# That goes to START_HOME, as one in the environment's flags does.
hide_cookie() {
  VM_ARGS_COOKIE=
  START_VM_ARGS=$1
  [ -z "$1" ] || read_vm_args "$1"
  find_flag_cookie
  [ -z "$FLAG_COOKIE" ] || make_start_home "$FLAG_COOKIE"
  [ -n "$VM_ARGS_COOKIE" ] || return 0
  [ -n "$START_HOME" ] || make_node_dir
  START_VM_ARGS=$relmk_node_dir/vm.args
  printf '%s\n' "$relmk_vm_args" >"$START_VM_ARGS.$$"
  mv -f -- "$START_VM_ARGS.$$" "$START_VM_ARGS"
}

#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# shells.sh IONSIFT OUT: completions as used by the shells, the manual page as used by man, and colours.
set -euo pipefail
binary=$1 out=$2
rm -rf "$out"
mkdir -p "$out"
for shell in bash zsh fish; do
  "$binary" completion "$shell" >"$out/ionsift.$shell"
  if command -v "$shell" >/dev/null; then
    "$shell" -n "$out/ionsift.$shell"
  else
    echo "not tried: there is no $shell here"
  fi
done

# The completions of bash when TAB is pressed after these words.
source "$out/ionsift.bash"
completed() {
  COMP_WORDS=("$@")
  COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
  _ionsift
  echo "${COMPREPLY[*]}"
}
is() { # is EXPECTED FOUND
  [[ $1 == "$2" ]] || { echo "expected '$1', found '$2'"; exit 1; }
}
is "screen" "$(completed ionsift scr)"
is "--ensemble" "$(completed ionsift train --ens)"
is "cpu cuda" "$(completed ionsift train --device c)"
is "zsh" "$(completed ionsift completion z)"
touch "$out/one.h5"
is "$out/one.h5" "$(completed ionsift train --store "$out/o")"
if command -v fish >/dev/null; then
  found=$(fish -c "source $out/ionsift.fish; complete -C 'ionsift train --ens'" | cut -f1)
  is "--ensemble" "$found"
  found=$(fish -c "source $out/ionsift.fish; complete -C 'ionsift screen --unknown-hull '" | cut -f1 | paste -sd' ')
  is "drop keep" "$found"
fi

"$binary" man >"$out/ionsift.1"
if command -v groff >/dev/null; then
  groff -man -ww -z "$out/ionsift.1" 2>"$out/complaints"
  is "" "$(cat "$out/complaints")"
fi

# Misspelt words give a suggestion.
says() { # says STATUS TEXT ARGUMENT ...
  local status=0 expected=$1 text=$2
  shift 2
  "$binary" "$@" >"$out/said" 2>&1 || status=$?
  is "$expected" "$status"
  grep -qF -- "$text" "$out/said" || { echo "'$text' is not in:"; cat "$out/said"; exit 1; }
}
says 2 "Did you mean 'screen'?" scren
says 2 "Did you mean 'featurize'?" feat
says 2 "Did you mean --ensemble?" train --ensmble x
says 2 "Did you mean 'cuda'?" doctor --device cud
says 2 "options come behind the command" --json doctor
says 2 "Did you mean 'train'?" help trian
says 0 "--ensemble DIR" help train

# Colours only on request; --quiet prints nothing.
coloured() { script -qec "$1" /dev/null </dev/null | grep -c $'\033\\[3' || true; }
if command -v script >/dev/null; then
  run="$binary doctor --folder $out --megabytes 0.01 --run-json $out/run.json"
  [[ $(coloured "env -u NO_COLOR TERM=xterm $run") -gt 0 ]]
  is 0 "$(coloured "env NO_COLOR=1 TERM=xterm $run")"
fi
"$binary" doctor --folder "$out" --megabytes 0.01 --quiet --run-json "$out/run.json" 2>"$out/errors" >/dev/null || true
is "" "$(cat "$out/errors")"

#!/usr/bin/env bash
# The canary: a case with a wrong expectation must fail, say why, be reproducible and blessable.
#
#   ci/canary_test.sh PLAYHEAD_BINARY
#
# Exit code: 0 when checks can fail, 1 when something of it does not hold, 2 for a usage error.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
if [ $# -ne 1 ] || [ ! -x "$1" ]; then
  echo 'usage: ci/canary_test.sh PLAYHEAD_BINARY' >&2
  exit 2
fi
playhead=$(cd "$(dirname "$1")" && pwd)/$(basename "$1")

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cp "$here/canary/wrong_expectation.md" "$work/wrong.md"
cd "$work"
PATH=$(dirname "$playhead"):$PATH
unset CI

broken() {
  echo "canary: $1" >&2
  shift
  for file in "$@"; do sed 's/^/  | /' "$file" >&2; done
  exit 1
}

# expect_code WANTED WHAT COMMAND...: output goes to out and err.
expect_code() {
  local wanted=$1 what=$2 code=0
  shift 2
  "$@" > out 2> err || code=$?
  [ "$code" -eq "$wanted" ] || broken "$what: exit code $code, not $wanted" out err
}

# The one difference, in text: place, expected and actual value.
expect_difference_in_text() {
  cat out err > text
  grep -q 'at /outcome/final_response$' text || broken "$1: does not say where" text
  grep -q 'expected:.*goodbye' text || broken "$1: does not say what was expected" text
  grep -q 'actual:.*hello' text || broken "$1: does not say what came" text
}

expect_code 1 'check of a wrong expectation' "$playhead" check wrong.md
expect_difference_in_text 'check'
grep -q '^0 passed, 1 failed' text || broken 'check: the summary does not count the failure' text

expect_code 1 'check --json of a wrong expectation' "$playhead" check --json wrong.md
tr -d ' \n' < out > compact
wanted='"differences":[{"at":"/outcome/final_response","expected":"goodbye","actual":"hello"}]'
grep -qF "$wanted" compact || broken "check --json: not exactly $wanted" out
for member in '"passed":0,"failed":1,"broken":0,' '"verdict":"failed"'; do
  grep -qF "$member" compact || broken "check --json: no $member" out
done

# The command that the JSON document names, its escapes read.
reproduce=$(grep -o '"reproduce": *"\([^"\\]\|\\.\)*"' out | head -n 1 |
  sed 's/^"reproduce": *"//; s/"$//; s/\\\(["\\\/]\)/\1/g')
[ -n "$reproduce" ] || broken 'check --json: no command that reproduces the failure' out
expect_code 1 "the printed command: $reproduce" sh -c "$reproduce"
expect_difference_in_text "the printed command: $reproduce"

cp wrong.md blessed.md
expect_code 2 'bless where CI is set' env CI=true "$playhead" bless blessed.md
cmp -s wrong.md blessed.md || broken 'bless where CI is set: the file changed' blessed.md
expect_code 0 'bless' "$playhead" bless blessed.md
grep -q '"final_response": "hello"' blessed.md || broken 'bless: the value is not hello' blessed.md
expect_code 0 'check of a blessed file' "$playhead" check blessed.md

echo 'the canary is alive: a wrong expectation fails, is named, reproduced and blessed'

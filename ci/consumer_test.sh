#!/usr/bin/env bash
# Installs a built Playhead and uses it as another project would (ci/consumer).
#
#   ci/consumer_test.sh BUILD_FOLDER [CXX_COMPILER]
#
# Works in BUILD_FOLDER/consumer. Exit code: 0 when the consumer builds, its tests pass, and its
# wrong case fails when it is switched on; 1 otherwise; 2 for a usage error.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
if [ $# -lt 1 ] || [ ! -e "$1/CMakeCache.txt" ]; then
  echo 'usage: ci/consumer_test.sh BUILD_FOLDER [CXX_COMPILER]' >&2
  exit 2
fi
build=$(cd "$1" && pwd)
compiler=${2:-c++}
work=$build/consumer
prefix=$work/prefix
log=$work/log.txt

rm -rf "$work"
mkdir -p "$work"

broken() {
  echo "consumer: $1" >&2
  tail -n 60 "$log" | sed 's/^/  | /' >&2
  exit 1
}

step() {
  local what=$1
  shift
  "$@" > "$log" 2>&1 || broken "$what failed"
}

configure() {
  cmake -S "$here/consumer" -B "$work/build" -G Ninja -DCMAKE_BUILD_TYPE=Debug \
    -DCMAKE_CXX_COMPILER="$compiler" -DCMAKE_PREFIX_PATH="$prefix" "$@"
}

step 'install' cmake --install "$build" --prefix "$prefix"
[ ! -e "$prefix/bin/playhead" ] || step 'playhead --help' "$prefix/bin/playhead" --help

# A package that names the build machine's folders works on no other.
if grep -rnF -e "$build" -e "$(dirname "$here")" "$prefix"/lib*/cmake \
    "$prefix"/lib*/*/cmake > "$log" 2>/dev/null; then
  broken 'the package names folders of this build'
fi

step 'configure' configure -DCONSUMER_WRONG_CASE=OFF
step 'build' cmake --build "$work/build"
step 'the tests of the consumer' ctest --test-dir "$work/build" --output-on-failure
for program in streams_test own_engine_test; do
  "$work/build/$program" > "$log" 2>&1 || broken "$program failed"
  grep -q '\[  PASSED  \] 2 tests' "$log" || broken "$program did not run its 2 cases"
done

step 'configure with the wrong case' configure -DCONSUMER_WRONG_CASE=ON
step 'build with the wrong case' cmake --build "$work/build"
if ctest --test-dir "$work/build" --output-on-failure > "$log" 2>&1; then
  broken 'the wrong case did not fail'
fi
for words in '(Failed)' 'wrong' '/outcome/final_response' 'goodbye' 'hello'; do
  grep -qF "$words" "$log" || broken "the wrong case failed without saying $words"
done

rm -rf "$work"
echo 'installed, found, linked; the cases of another project pass and fail as they should'

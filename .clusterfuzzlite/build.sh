#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# Builds the fuzz targets as OSS-Fuzz and ClusterFuzzLite want them: into $OUT, with $CC, $CXX, $CFLAGS, $CXXFLAGS and
# $LIB_FUZZING_ENGINE, in $WORK. Runs from a checkout or as $SRC/build.sh beside $SRC/rxcheck.
#
# A target is NAME_fuzzer; beside it stand NAME_fuzzer_seed_corpus.zip, NAME_fuzzer.options and, where words help,
# NAME_fuzzer.dict.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
source=$here/..
[ -f "$source/CMakeLists.txt" ] || source=$SRC/rxcheck
source=$(cd "$source" && pwd -P)
build=$WORK/rxcheck

# The engine's instrumentation of the harness would lead it to learn the harness: what counts edges is the drivers. CMake
# adds it where it belongs.
without_coverage() { printf '%s\n' "$*" | sed -E 's/(-fsanitize=[^ ]*),fuzzer-no-link/\1/g; s/-fsanitize=fuzzer-no-link//g'; }

cmake -S "$source" -B "$build" -G Ninja -DCMAKE_BUILD_TYPE=None \
  -DCMAKE_CXX_COMPILER="$CXX" -DCMAKE_CXX_FLAGS="$(without_coverage "${CXXFLAGS:-}")" \
  -DRXCHECK_FUZZ=ON -DRXCHECK_FUZZ_ENGINE="$LIB_FUZZING_ENGINE" -DRXCHECK_STATIC=ON -DRXCHECK_TOOL=OFF -DRXCHECK_DRIVERS=OFF
cmake --build "$build" --target program_fuzzer formats_fuzzer ioctl_fuzzer fuzz_dictionary fuzz_seeds fuzz_drivers

# The drivers that count their edges, and those that tell what they compare, stand beside the targets.
for drivers in fuzz-driver compare-driver; do
  mkdir -p "$OUT/$drivers"
  cp "$build/$drivers"/*.sys "$OUT/$drivers/"
done

# Seeds: programs as inputs; files and run records with the number of their reader before them; a request of nothing.
seeds=$WORK/seeds
rm -rf "$seeds"
mkdir -p "$seeds/program" "$seeds/formats" "$seeds/ioctl"
"$build/fuzz_seeds" program "$seeds/program" "$source"/corpora/seeds/*.rxp "$source"/corpora/scenarios/*.rxp
"$build/fuzz_seeds" formats "$seeds/formats" "$source"/corpora/scenarios/*.rxp "$source"/corpora/mpr/*.rxp "$source"/corpora/regressions/*.rxh
printf '\0\0\0\0\0\0\0' >"$seeds/ioctl/nothing"

for name in program formats ioctl; do
  cp "$build/${name}_fuzzer" "$OUT/"
  rm -f "$OUT/${name}_fuzzer_seed_corpus.zip"
  (cd "$seeds/$name" && find . -type f | LC_ALL=C sort | zip -X -q "$OUT/${name}_fuzzer_seed_corpus.zip" -@)
done
for name in formats ioctl; do "$build/fuzz_dictionary" $name >"$OUT/${name}_fuzzer.dict"; done
options() { printf '[libfuzzer]\nmax_len = %s\nlen_control = 0\n' "$2" >"$OUT/$1_fuzzer.options"; }
options program 341
options formats 8192
options ioctl 1024

#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# Builds the fuzz targets as OSS-Fuzz and ClusterFuzzLite want them: into $OUT, with $CC, $CXX, $CFLAGS, $CXXFLAGS and
# $LIB_FUZZING_ENGINE, in $WORK. Runs from a checkout or as $SRC/build.sh beside $SRC/rxcheck.
#
# A target is NAME_fuzzer; beside it stand NAME_fuzzer_seed_corpus.zip, NAME_fuzzer.dict and NAME_fuzzer.options where there
# are any, and, for all targets, the drivers that count their edges (fuzz-driver/).
set -eu
here=$(cd "$(dirname "$0")" && pwd)
source=$here/..
[ -f "$source/CMakeLists.txt" ] || source=$SRC/rxcheck
source=$(cd "$source" && pwd -P)
build=$WORK/rxcheck

# The engine's instrumentation of the harness would lead it to learn the harness: what counts edges is the drivers. CMake
# adds it where it belongs.
without_coverage() { printf '%s\n' "$*" | sed -E 's/(-fsanitize=[^ ]*),fuzzer-no-link/\1/g; s/-fsanitize=fuzzer-no-link//g'; }

cmake -S "$source" -B "$build" -G Ninja -DCMAKE_BUILD_TYPE=None -DCMAKE_UNITY_BUILD=ON \
  -DCMAKE_CXX_COMPILER="$CXX" -DCMAKE_CXX_FLAGS="$(without_coverage "${CXXFLAGS:-}")" \
  -DRXCHECK_FUZZ=ON -DRXCHECK_FUZZ_ENGINE="$LIB_FUZZING_ENGINE" -DRXCHECK_STATIC=ON -DRXCHECK_TOOL=OFF -DRXCHECK_DRIVERS=OFF
cmake --build "$build" --target fuzz_targets fuzz_drivers

mkdir -p "$OUT/fuzz-driver"
cp "$build"/fuzz-driver/*.sys "$OUT/fuzz-driver/"
for target in "$build"/*_fuzzer; do
  name=$(basename "$target")
  room=$source/fuzzers/${name%_fuzzer}
  cp "$target" "$OUT/$name"
  [ ! -d "$room/seeds" ] || (cd "$room/seeds" && find . -type f | LC_ALL=C sort | zip -X -q "$OUT/${name}_seed_corpus.zip" -@)
  [ ! -f "$room/${name%_fuzzer}.dict" ] || cp "$room/${name%_fuzzer}.dict" "$OUT/$name.dict"
  [ ! -f "$room/${name%_fuzzer}.options" ] || cp "$room/${name%_fuzzer}.options" "$OUT/$name.options"
done

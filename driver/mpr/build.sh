#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# Builds the network provider and the program that has it called.
#   mpr/build.sh OUT_DIR      leaves OUT_DIR/rxnp.dll and OUT_DIR/rxmpr.exe, which need nothing but the system's own libraries
set -eu
out=${1:?usage: build.sh OUT_DIR}
mkdir -p "$out"
out=$(cd "$out" && pwd)
cd "$(dirname "$0")"
# UNICODE: npapi.h declares some names of the provider interface with the neutral character type.
flags="-std=gnu11 -O2 -Wall -Wextra -Werror -municode -DUNICODE -D_UNICODE -D_WIN32_WINNT=0x0601 -static -s
 -Wl,--no-insert-timestamp -ffile-prefix-map=$PWD=."
# Without an image base the linker makes one up from the name of the output's folder.
# shellcheck disable=SC2086
x86_64-w64-mingw32-gcc $flags -shared -Wl,--image-base,0x180000000 -o "$out/rxnp.dll" rxnp.c notify.c rxnp.def
# shellcheck disable=SC2086
x86_64-w64-mingw32-gcc $flags -o "$out/rxmpr.exe" rxmpr.c providers.c -ladvapi32

#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# Builds the guest agent.
#   agent/build.sh OUT_DIR      leaves OUT_DIR/rxagent.exe, which needs nothing but the system's own libraries
set -eu
out=${1:?usage: build.sh OUT_DIR}
mkdir -p "$out"
out=$(cd "$out" && pwd)
cd "$(dirname "$0")"
x86_64-w64-mingw32-gcc -std=gnu11 -O2 -Wall -Wextra -Werror -municode -DUNICODE -D_UNICODE -D_WIN32_WINNT=0x0601 -static -s \
    -Wl,--no-insert-timestamp -ffile-prefix-map="$PWD"=. -o "$out/rxagent.exe" agent.c channel.c requests.c services.c -lntdll

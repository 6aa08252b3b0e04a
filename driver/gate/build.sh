#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# Builds rxgate.sys.
#   gate/build.sh OUT_DIR
set -eu
out=${1:?usage: build.sh OUT_DIR}
mkdir -p "$out"
out=$(cd "$out" && pwd)
cd "$(dirname "$0")"
x86_64-w64-mingw32-gcc -std=gnu11 -O2 -ffreestanding -mno-stack-arg-probe -Wall -Wextra -Werror -fno-optimize-sibling-calls \
    -fno-stack-protector -fno-ident -isystem /usr/x86_64-w64-mingw32/include/ddk -ffile-prefix-map="$PWD"=. \
    -shared -nostdlib -nostartfiles -nodefaultlibs -Wl,--subsystem,native -Wl,--entry,DriverEntry -Wl,--image-base,0x140000000 \
    -Wl,--dynamicbase -Wl,--nxcompat -Wl,--file-alignment,0x200 -Wl,--section-alignment,0x1000 -Wl,--no-insert-timestamp \
    -Wl,--exclude-all-symbols -o "$out/rxgate.sys" ./*.c -lntoskrnl -lhal

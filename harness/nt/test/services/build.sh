#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# Builds services.sys, the driver that checks what the executive's services do, with the access callbacks of driver/hook.
#   build.sh OUT_DIR
set -eu
out=${1:?usage: build.sh OUT_DIR}
mkdir -p "$out/obj"
out=$(cd "$out" && pwd)
here=$(cd "$(dirname "$0")" && pwd)
hook=$here/../../../../driver/hook
target=x86_64-w64-mingw32
common="-std=gnu11 -O1 -ffreestanding -mno-stack-arg-probe -Wall -Wextra -Werror -Wno-multichar -isystem /usr/$target/include/ddk -fno-stack-protector"
callbacks="-fsanitize=thread --param tsan-distinguish-volatile=1 --param tsan-instrument-func-entry-exit=0 -include $hook/hookinc.h"
cd "$out/obj"
$target-gcc $common -fno-tree-loop-distribute-patterns -c -o runtime.o "$hook/runtime.c"
for source in "$here"/*.c; do
    name=$(basename "$source" .c)
    $target-gcc $common $callbacks -c -o "$name.o" "$source"
    objects="${objects:-} $name.o"
done
printf 'EXPORTS\nRxHookTable DATA\n' >services.def
$target-gcc -shared -nostdlib -nostartfiles -nodefaultlibs -Wl,--subsystem,native -Wl,--entry,DriverEntry -Wl,--dynamicbase \
    -Wl,--no-insert-timestamp -o ../services.sys services.def $objects runtime.o -lntoskrnl -lhal

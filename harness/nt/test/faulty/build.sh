#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# Builds faulty.sys, the driver that breaks the executive's rules on demand, and faulty_entry.sys, which crashes in DriverEntry, with the
# access callbacks of driver/hook.
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
for name in faulty faulty_entry; do
    define=
    [ $name = faulty_entry ] && define=-DFAULTY_ENTRY
    $target-gcc $common $callbacks $define -c -o $name.o "$here/faulty.c"
    printf 'EXPORTS\nRxHookTable DATA\n' >$name.def
    $target-gcc -shared -nostdlib -nostartfiles -nodefaultlibs -Wl,--subsystem,native -Wl,--entry,DriverEntry -Wl,--dynamicbase \
        -Wl,--no-insert-timestamp -o ../$name.sys $name.def $name.o runtime.o -lntoskrnl -lhal
done

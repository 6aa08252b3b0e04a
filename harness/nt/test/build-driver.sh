#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# Builds NAME.sys, a driver that the executive's tests load, with the access callbacks of driver/hook, from the sources in FOLDER beside this script.
#   build-driver.sh OUT_DIR FOLDER NAME [FLAG...]     FLAG: for the compiler, as -DFAULTY_ENTRY
set -eu
usage="usage: build-driver.sh OUT_DIR FOLDER NAME [FLAG...]"
out=${1:?$usage} folder=${2:?$usage} name=${3:?$usage}
shift 3
mkdir -p "$out/obj/$name"
out=$(cd "$out" && pwd)
here=$(cd "$(dirname "$0")" && pwd)
hook=$here/../../../driver/hook
target=x86_64-w64-mingw32
common="-std=gnu11 -O1 -ffreestanding -mno-stack-arg-probe -Wall -Wextra -Werror -Wno-multichar -isystem /usr/$target/include/ddk -fno-stack-protector"
callbacks="-fsanitize=thread --param tsan-distinguish-volatile=1 --param tsan-instrument-func-entry-exit=0 -include $hook/hookinc.h"
cd "$out/obj/$name"
$target-gcc $common -fno-tree-loop-distribute-patterns -c -o runtime.o "$hook/runtime.c"
objects=
for source in "$here/$folder"/*.c; do
    object=$(basename "$source" .c).o
    $target-gcc $common $callbacks "$@" -c -o "$object" "$source"
    objects="$objects $object"
done
printf 'EXPORTS\nRxHookTable DATA\n' >$name.def
$target-gcc -shared -nostdlib -nostartfiles -nodefaultlibs -Wl,--subsystem,native -Wl,--entry,DriverEntry -Wl,--dynamicbase \
    -Wl,--no-insert-timestamp -o ../../$name.sys $name.def $objects runtime.o -lntoskrnl -lhal

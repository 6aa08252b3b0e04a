#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# Builds rxrdbss.sys (the connection engine) and rxprobe.sys (the test mini-redirector).
#   build.sh OUT_DIR [SOURCE_DIR [LIKE_OUT LIKE_SOURCE]]
# SOURCE_DIR: a driver/ folder, default this one. LIKE_OUT: the OUT_DIR of LIKE_SOURCE, another driver/ folder, built with the same
# compiler: files that are equal there are not compiled again. CC=clang for clang instead of gcc.
# COVERAGE=1 with CC=clang: edge counters for fuzzers (hook/coverage.c). COVERAGE=compare: they tell what they compare, too (hook/compare.c).
# The drivers do not depend on where the folders are. Symbols stay in them: the harness names functions and globals by
# them. Source lines do not: NAME.debug is linked from the same code with them, for debuggers and `rxcheck explain`. Not
# with clang, whose objects are others with -g.
set -eu

out=${1:?usage: build.sh OUT_DIR [SOURCE_DIR]}
source=${2:-$(dirname "$0")}
like=${3:+$(cd "$3" && pwd)}
like_source=${4:+$(cd "$4" && pwd)}
mkdir -p "$out/obj/debug"
out=$(cd "$out" && pwd)
cd "$source"

# Equal headers everywhere, or everything is compiled.
for header in */*.h; do
    [ -z "$like" ] || cmp -s "$header" "$like_source/$header" || like=
done

target=x86_64-w64-mingw32
# Warnings are errors. No cloned or split functions and no tail calls: a place in the code keeps one name, and the
# return address that a callback sees is in the function that makes the access.
common="-std=gnu11 -O2 -ffreestanding -mno-stack-arg-probe -Wall -Wextra -Werror -fno-optimize-sibling-calls
  -isystem /usr/$target/include/ddk -fno-stack-protector -fno-ident"
case ${CC:-gcc} in
*clang*)
    cc="${CC} --target=x86_64-w64-windows-gnu -fms-extensions"
    include=hook/hookinc.h
    callbacks="-Xclang -fsanitize=thread -mllvm -tsan-distinguish-volatile=1
      -mllvm -tsan-instrument-func-entry-exit=0 -mllvm -tsan-instrument-read-before-write=1"
    lines=
    extra=-Wl,--allow-multiple-definition # clang emits two inline functions of wdm.h in every object
    plain=""
    counters="-fsanitize-coverage=inline-8bit-counters,pc-table"
    [ "${COVERAGE:-}" = compare ] && counters="$counters,trace-cmp"
    [ -n "${COVERAGE:-}" ] && callbacks="$callbacks -emit-llvm" ;;
*)
    [ -z "${COVERAGE:-}" ] || { echo "build.sh: COVERAGE needs CC=clang" >&2; exit 1; }
    cc=$target-gcc
    lines=-g
    common="$common $lines -fno-ipa-sra -fno-ipa-cp -fno-partial-inlining"
    callbacks="-fsanitize=thread --param tsan-distinguish-volatile=1 --param tsan-instrument-func-entry-exit=0"
    # The kernel headers are most of the work: once.
    [ -z "$like" ] || ln -sf "$like/obj/hookinc.h.gch" "$out/obj/hookinc.h.gch"
    [ -n "$like" ] || $cc $common $callbacks -x c-header -o "$out/obj/hookinc.h.gch" hook/hookinc.h
    callbacks="$callbacks -Winvalid-pch"
    include=$out/obj/hookinc.h
    extra=
    plain="-fno-tree-loop-distribute-patterns" ;;
esac

compile() { # compile ROOM FILE FLAGS...
    room=$1 file=$2
    shift 2
    object=$room-$(basename "$file" .c).o
    if [ -n "$like" ] && cmp -s "$file" "$like_source/$file"; then
        cp "$like/obj/$object" "$out/obj/$object"
        [ -z "$lines" ] || ln -f "$like/obj/debug/$object" "$out/obj/debug/$object"
    elif [ -z "$lines" ]; then
        $cc $common "$@" -c -o "$out/obj/$object" "$file"
        # Counters last: added together with the callbacks, each count of an edge would make two of them.
        case "$*" in
        *-emit-llvm*)
            mv "$out/obj/$object" "$out/obj/$object.bc"
            $cc $counters -O1 -c -o "$out/obj/$object" "$out/obj/$object.bc"
            rm "$out/obj/$object.bc" ;;
        esac
    else
        $cc $common "$@" -c -o "$out/obj/debug/$object" "$file"
        # From objects that are as if compiled without -g: stripped when linked, the drivers' symbols would differ.
        $target-objcopy --remove-section='.debug*' "$out/obj/debug/$object" "$out/obj/$object"
    fi
}

link() { # link FOLDER NAME DEF OBJECTS_AND_LIBRARIES...
    folder=$1 name=$2 def=$3
    shift 3
    (cd "$out/$folder" && $target-gcc -shared -nostdlib -nostartfiles -nodefaultlibs \
        -Wl,--subsystem,native -Wl,--entry,DriverEntry -Wl,--image-base,0x140000000 -Wl,--dynamicbase -Wl,--nxcompat -Wl,--file-alignment,0x200 \
        -Wl,--section-alignment,0x1000 -Wl,--no-insert-timestamp $extra -o "$out/$name" "$def" "$@" -lntoskrnl -lhal)
}

pids=""
run() { "$@" & pids="$pids $!"; }
rm -f "$out"/obj/*.o "$out"/obj/debug/*.o "$out"/rxrdbss.sys "$out"/rxprobe.sys "$out"/*.debug # some are links to those of LIKE_OUT
for room in rdbss probe; do
    for file in $room/*.c; do
        case $file in
        rdbss/log.c | rdbss/thread.c) run compile $room "$file" $plain ;; # nothing may come between an effect and its entry
        *) run compile $room "$file" $callbacks -include "$include" ;;
        esac
    done
    # The callbacks end in a jump to the hook: they are most of what a driver executes.
    run compile $room hook/runtime.c $plain -foptimize-sibling-calls
    [ -z "${COVERAGE:-}" ] || run compile $room hook/coverage.c $plain
    [ "${COVERAGE:-}" != compare ] || run compile $room hook/compare.c $plain
done
for pid in $pids; do wait "$pid"; done

cp rdbss/rxrdbss.def probe/rxprobe.def "$out/obj"
(cd "$out/obj" && $target-dlltool --deterministic-libraries -d rxrdbss.def -l librxrdbss.a && cp *.def *.a debug)
rdbss=$(cd "$out/obj" && LC_ALL=C ls rdbss-*.o)
probe=$(cd "$out/obj" && LC_ALL=C ls probe-*.o)
link obj rxrdbss.sys rxrdbss.def $rdbss
link obj rxprobe.sys rxprobe.def $probe librxrdbss.a

link_debug() { # link_debug NAME OBJECTS_AND_LIBRARIES...
    driver=$1
    shift
    if [ -n "$like" ] && cmp -s "$out/$driver.sys" "$like/$driver.sys"; then
        ln -f "$like/$driver.debug" "$out/$driver.debug"
    else
        link obj/debug "$driver.debug" "$driver.def" "$@"
    fi
}
[ -n "$lines" ] || exit 0
link_debug rxrdbss $rdbss
link_debug rxprobe $probe librxrdbss.a

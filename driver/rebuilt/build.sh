#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# Builds the drivers after a change that has nothing to do with any defect, for measuring whether repros outlive it: contexts and views carry
# another member in front of those that lines meet at, the engine has another global and another function, which its busiest routine calls.
#   rebuilt/build.sh OUT_DIR [ID]     with the seeded defect ID, or none; CC=clang for clang
set -eu

out=${1:?usage: build.sh OUT_DIR [ID]}
id=${2:-}
here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$out"
out=$(cd "$out" && pwd)
rm -rf "$out/tree"
mkdir -p "$out/tree/driver"
for room in build.sh hook include probe protocol rdbss; do cp -R "$here/../$room" "$out/tree/driver/"; done
[ -z "$id" ] || patch -p1 -s --no-backup-if-mismatch -d "$out/tree" <"$here/../mutants/$id.patch"

# edit FILE EXPRESSION: fails if it changes nothing.
edit() {
    sed -i.before "$2" "$out/tree/driver/$1"
    ! cmp -s "$out/tree/driver/$1" "$out/tree/driver/$1.before" || { echo "rebuilt/build.sh: nothing to change in $1" >&2; exit 1; }
    rm "$out/tree/driver/$1.before"
}
edit include/rxcontx.h 's/^    UCHAR MajorFunction;/    ULONG64 SubmittedAt; \/* statistics *\/\n&/'
edit include/mrx.h 's/^    ULONG AdditionalReferenceForDeleteFsctlTaken;/    ULONG64 TimesFound; \/* statistics *\/\n&/'
edit rdbss/context.c 's/^PRX_CONTEXT RxCreateRxContext(/ULONG RxpContextsMade;\n\nVOID RxpCountContext(VOID);\nVOID RxpCountContext(VOID) {\n    ++RxpContextsMade;\n}\n\n&/'
edit rdbss/context.c 's/^    RxSetCount(&RxActiveContexts, &RxDeviceObject->NumberOfActiveContexts, 1);/    RxpCountContext();\n&/'

"$out/tree/driver/build.sh" "$out"
rm -rf "$out/tree"

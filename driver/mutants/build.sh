#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# Builds the drivers with one seeded defect.
#   mutants/build.sh OUT_DIR ID [SOUND]      leaves OUT_DIR/ID/rxrdbss.sys and rxprobe.sys; ID as in D14.patch
# SOUND: where build.sh has left the drivers without the defect; then only what the patch changes is compiled.
set -eu

out=${1:?usage: build.sh OUT_DIR ID}
id=${2:?usage: build.sh OUT_DIR ID}
sound=${3:-}
here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$out/$id"
out=$(cd "$out/$id" && pwd)
rm -rf "$out/tree"
sed '/^--- /,$d' "$here/$id.patch" >"$out/about.txt"
mkdir -p "$out/tree/driver"
for room in build.sh hook include probe protocol rdbss; do cp -R "$here/../$room" "$out/tree/driver/"; done
patch -p1 -s --no-backup-if-mismatch -d "$out/tree" <"$here/$id.patch"
"$out/tree/driver/build.sh" "$out" "$out/tree/driver" ${sound:+"$sound" "$here/.."}
# What differs from the sound source stays, for debuggers: it is where the debug information says.
for file in "$out"/tree/driver/build.sh "$out"/tree/driver/*/*; do
    if cmp -s "$file" "$here/../${file#"$out"/tree/driver/}"; then rm -f "$file"; fi
done
find "$out/tree" -type d -empty -delete

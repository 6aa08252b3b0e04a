#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# Makes the built-in guest for the target `vm`: a kernel, and an initial file system with busybox, the files of Wine that the drivers need, and the
# guest agent. No disk, no network, nothing is downloaded: all comes from this machine's Debian packages, and the same packages give the same bytes.
#   guest/build.sh OUT_DIR AGENT PREFIX      leaves OUT_DIR/kernel and OUT_DIR/initrd; AGENT is rxagent.exe, PREFIX a Wine prefix
# The drivers are not in it: the harness sends them.
set -eu
out=${1:?usage: build.sh OUT_DIR AGENT PREFIX}
agent=${2:?usage: build.sh OUT_DIR AGENT PREFIX}
prefix=${3:?usage: build.sh OUT_DIR AGENT PREFIX}
fail() { echo "guest/build.sh: $1" >&2; exit 1; }

windows=/usr/lib/x86_64-linux-gnu/wine/x86_64-windows
unix=/usr/lib/x86_64-linux-gnu/wine/x86_64-unix
[ -d $windows ] || fail "Wine is not installed: apt-get install wine64"
for tool in busybox cpio lz4 ldd; do command -v $tool >/dev/null || fail "$tool is not installed: apt-get install busybox-static cpio lz4 libc-bin"; done
kernel=$(ls /boot/vmlinuz-*-cloud-amd64 2>/dev/null | LC_ALL=C sort | tail -n 1)
[ -n "$kernel" ] || fail "there is no kernel for a guest: apt-get install linux-image-cloud-amd64"
modules=/lib/modules/$(basename "$kernel" | sed 's/^vmlinuz-//')

root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT
mkdir -p "$root/bin" "$root/dev" "$root/proc" "$root/sys" "$root/tmp" "$root/etc" "$root/root" "$root/rx" "$root/modules"
cp "$(command -v busybox)" "$root/bin/busybox"
for name in sh mount insmod ls poweroff; do ln -s busybox "$root/bin/$name"; done

# In the order in which they are to be loaded; what is built into the kernel is not there.
order="virtio_ring virtio virtio_pci_modern_dev virtio_pci_legacy_dev virtio_pci virtio_console"
for module in $order; do
  file=$(find "$modules" -name "$module.ko*" | head -n 1)
  [ -z "$file" ] || cp "$file" "$root/modules/"
done

# put FILE: at its own place, what it links to in its stead
put() {
  [ -e "$root$1" ] || { mkdir -p "$root$(dirname "$1")" && cp -L "$1" "$root$1"; }
}
# libraries FILE: those that the loader wants for it, under the names by which it looks for them
libraries() { ldd "$1" 2>/dev/null | sed -n 's/^[^/]*=> *\(\/[^ ]*\).*/\1/p; s/^[[:space:]]*\(\/[^ ]*\) (.*/\1/p'; }

for file in /usr/lib/wine/wine64 /usr/lib/wine/wineserver64; do
  put $file
  for library in $(libraries $file); do put "$library"; done
done
# What Wine and the C library load by name when they run.
for name in libgcc_s.so.1 libfreetype.so.6; do
  for file in /usr/lib/x86_64-linux-gnu/$name /lib/x86_64-linux-gnu/$name; do
    [ -f "$file" ] || continue
    put "$file"
    for library in $(libraries "$file"); do put "$library"; done
  done
done
ln -s wineserver64 "$root/usr/lib/wine/wineserver"
for name in advapi32.dll apisetschema.dll cfgmgr32.dll dnsapi.dll gdi32.dll hal.dll hidclass.sys hidparse.sys imm32.dll iphlpapi.dll kernel32.dll \
  kernelbase.dll mountmgr.sys msvcrt.dll ndis.sys newdev.dll nsi.dll nsiproxy.sys ntdll.dll ntoskrnl.exe ole32.dll combase.dll plugplay.exe \
  rpcrt4.dll rpcss.exe sechost.dll services.exe setupapi.dll shell32.dll shlwapi.dll shcore.dll svchost.exe ucrtbase.dll user32.dll userenv.dll version.dll \
  wevtsvc.dll win32u.dll wineboot.exe winedevice.exe ws2_32.dll zlib1.dll; do
  [ -f "$windows/$name" ] || continue
  put "$windows/$name"
  library=$unix/${name%.*}.so
  [ -f "$library" ] || continue
  put "$library"
  for needed in $(libraries "$library"); do put "$needed"; done
done
for file in /usr/share/wine/nls/*.nls $unix/libwine.so.1.0; do [ ! -f "$file" ] || put "$file"; done
[ -e "$root/lib64" ] || ln -s usr/lib64 "$root/lib64"
[ -e "$root/lib" ] || ln -s usr/lib "$root/lib"
mkdir -p "$root/usr/lib64"
cp -L /lib64/ld-linux-x86-64.so.2 "$root/usr/lib64/"

# Wine's own folder: the registry of a prefix, and links to the packaged files.
system32=$root/prefix/drive_c/windows/system32
mkdir -p "$system32/drivers" "$root/prefix/dosdevices" "$root/prefix/drive_c/users/root/Temp" "$root/prefix/drive_c/windows/temp"
cp "$prefix"/*.reg "$root/prefix/"
echo disable >"$root/prefix/.update-timestamp"
ln -s ../drive_c "$root/prefix/dosdevices/c:"
ln -s / "$root/prefix/dosdevices/z:"
for file in "$root$windows"/*; do
  name=$(basename "$file")
  case $name in *.sys) ln -s "$windows/$name" "$system32/drivers/$name" ;; *) ln -s "$windows/$name" "$system32/$name" ;; esac
done
cp "$agent" "$root/rx/rxagent.exe"
echo 'root:x:0:0:root:/root:/bin/sh' >"$root/etc/passwd"
cat >"$root/init" <<INIT
#!/bin/sh
mount -t proc proc /proc
mount -t sysfs sys /sys
mount -t devtmpfs dev /dev
for module in $order; do [ ! -f /modules/\$module.ko ] || insmod /modules/\$module.ko; done
export PATH=/bin HOME=/root WINEPREFIX=/prefix WINEDEBUG=-all WINEDLLOVERRIDES=mscoree,mshtml,winemenubuilder.exe=
[ -e /dev/vport0p1 ] || echo "guest: there is no channel to the harness"
/usr/lib/wine/wine64 /rx/rxagent.exe 'Z:\\dev\\vport0p1'
echo "guest: the agent has ended with \$?"
poweroff -f
INIT
chmod 755 "$root/init"

mkdir -p "$out"
find "$root" -exec touch -h -d @0 {} +
(cd "$root" && find . | LC_ALL=C sort | cpio -o -H newc --quiet --reproducible -R 0:0) | lz4 -l -9 -q >"$out/initrd.new"
cp "$kernel" "$out/kernel"
mv "$out/initrd.new" "$out/initrd"

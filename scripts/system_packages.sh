#!/usr/bin/env bash
# Installs the system programs that some tests start. What cannot be installed is named in one line;
# the tests that need it then fail, because a test nobody runs shows nothing.
set -euo pipefail

# PostgreSQL is not among them: without Debian's, the tests use the one that a development wheel carries.
# program:package
needed=(strace:strace node:nodejs msgfmt:gettext chromium:chromium fc-list:fontconfig softhsm2-util:softhsm2 go:golang-go)

missing=()
for one in "${needed[@]}"; do
  command -v "${one%%:*}" >/dev/null 2>&1 || missing+=("${one##*:}")
done
# Go's readers of notes and tiles, which judge ours, are sources and no program.
[ -d /usr/share/gocode/src/golang.org/x/mod/sumdb ] || missing+=(golang-golang-x-mod-dev)
# Without a Chinese font the browser draws boxes, and nobody sees what a page looks like.
fc-list :lang=zh 2>/dev/null | grep -q . || missing+=(fonts-wqy-microhei)
[ "${#missing[@]}" -gt 0 ] || exit 0

as_root=()
if [ "$(id -u)" -ne 0 ]; then
  if command -v sudo >/dev/null 2>&1 && sudo -n true 2>/dev/null; then
    as_root=(sudo -n)
  else
    echo "please install: ${missing[*]} (not root, so it was not done for you)" >&2
    exit 0
  fi
fi
if ! command -v apt-get >/dev/null 2>&1; then
  echo "please install: ${missing[*]} (no apt-get here)" >&2
  exit 0
fi

export DEBIAN_FRONTEND=noninteractive
install() { "${as_root[@]}" apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null 2>&1; }
install || { "${as_root[@]}" apt-get update -qq >/dev/null 2>&1 && install; } ||
  echo "please install: ${missing[*]} (apt-get could not)" >&2

#!/bin/sh
# What the tests need beside Python: a Chromium, fonts, and PostgreSQL's server programs.
# As root on Debian or Ubuntu it installs what is missing; elsewhere it says what to install.
set -eu

missing=""
command -v chromium >/dev/null 2>&1 || command -v chromium-browser >/dev/null 2>&1 ||
  command -v google-chrome >/dev/null 2>&1 || missing="$missing chromium"
ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || command -v initdb >/dev/null 2>&1 ||
  missing="$missing postgresql"
if command -v fc-list >/dev/null 2>&1; then
  fc-list | grep -qi 'noto' || missing="$missing fonts-noto-core"
else
  missing="$missing fontconfig fonts-noto-core"
fi

[ -z "$missing" ] && exit 0

if command -v apt-get >/dev/null 2>&1 && [ "$(id -u)" = 0 ]; then
  echo "installing:$missing"
  apt-get update -qq
  # shellcheck disable=SC2086  # a list of package names
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
    $missing fonts-dejavu-core fonts-liberation fonts-noto-color-emoji >/dev/null
else
  echo "The tests also need:$missing"
  echo "Install them with your system's package manager (for a browser, 'playwright install chromium'"
  echo "inside .venv does too). Tests that need what is missing are skipped and say so."
fi

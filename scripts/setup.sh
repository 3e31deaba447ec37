#!/bin/sh
# Prepares this checkout on Debian or Ubuntu: system packages, a virtual environment, the locked dependencies.
#   scripts/setup.sh run    what the desk needs
#   scripts/setup.sh test   the same, and what its tests need
# What is there already is left alone, so that a second call takes a second.
set -eu
cd "$(dirname "$0")/.."
wanted=${1:-run}

# A name with | lists spellings of one package in different releases.
desk="libegl1 libgl1 libxkbcommon0 libxkbcommon-x11-0 libdbus-1-3 libfontconfig1 libxcb-cursor0 libxcb-icccm4
    libxcb-image0 libxcb-keysyms1 libxcb-randr0 libxcb-render-util0 libxcb-shape0 libxcb-xinerama0 libxcb-xkb1
    libglib2.0-0t64|libglib2.0-0 libcups2t64|libcups2 tesseract-ocr tesseract-ocr-chi-sim sane-utils"
tests="postgresql xvfb poppler-utils libsane1|libsane sane-airscan"

say() { printf '%s\n' "claimdesk: $*" >&2; }

as_root() {
    if [ "$(id -u)" = 0 ]; then
        "$@"
    elif command -v sudo >/dev/null; then
        if [ -t 0 ]; then sudo "$@"; else sudo -n "$@"; fi
    else
        return 1
    fi
}

installed() { dpkg-query -W -f='${db:Status-Status}\n' "$1" 2>/dev/null | grep -q '^installed$'; }

# Prints those of the given packages that are not installed, each as it was given.
missing() {
    for choice in "$@"; do
        found=no
        for name in $(echo "$choice" | tr '|' ' '); do
            if installed "$name"; then found=yes; fi
        done
        if [ $found = no ]; then echo "$choice"; fi
    done
}

# Prints the first spelling of each package that this release knows.
spelled() {
    for choice in "$@"; do
        chosen=
        for name in $(echo "$choice" | tr '|' ' '); do
            if [ -z "$chosen" ] && apt-cache show "$name" >/dev/null 2>&1; then chosen=$name; fi
        done
        echo "${chosen:-${choice%%|*}}"
    done
}

install() {
    [ $# -gt 0 ] || return 0
    say "installing $*"
    if ! { as_root apt-get update -qq && as_root env DEBIAN_FRONTEND=noninteractive \
        apt-get install -y -qq --no-install-recommends $(spelled "$@") >/dev/null; }; then
        say "these system packages are missing and could not be installed:"
        say "    $(spelled "$@" | tr '\n' ' ')"
        say "Install them as administrator (sudo apt-get install ...), then run the same command again."
        exit 1
    fi
}

suitable() { command -v "$1" >/dev/null && "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; }

find_python() {
    for name in "${PYTHON:-python3}" python3.13 python3.12 python3.11; do
        if suitable "$name"; then
            echo "$name"
            return
        fi
    done
}

if command -v apt-get >/dev/null; then
    packages=$desk
    if [ "$wanted" = test ]; then packages="$desk $tests"; fi
    # shellcheck disable=SC2046,SC2086
    install $(missing $packages)
else
    say "this is not Debian or Ubuntu: the system libraries of Qt, Tesseract and SANE are yours to install."
fi

if [ ! -x .venv/bin/python ]; then
    python=$(find_python)
    if [ -z "$python" ] && command -v apt-get >/dev/null; then
        say "Python 3.11 or newer is needed; the system has $(python3 --version 2>/dev/null || echo none)."
        install python3.11 python3.11-venv
        python=$(find_python)
    fi
    if [ -z "$python" ]; then
        say "No Python 3.11 or newer was found. Install one, or name it: make run PYTHON=/path/to/python3"
        exit 1
    fi
    if ! "$python" -c 'import ensurepip' 2>/dev/null && command -v apt-get >/dev/null; then
        install "$(basename "$("$python" -c 'import sys; print(f"python{sys.version_info[0]}.{sys.version_info[1]}")')")-venv"
    fi
    say "making the virtual environment .venv with $("$python" --version)"
    "$python" -m venv .venv
fi

lock=requirements.lock
if [ "$wanted" = test ]; then lock=requirements-dev.lock; fi
stamp=.venv/.$lock.installed
if ! cmp -s "$lock" "$stamp"; then
    say "installing what $lock names (once; several hundred megabytes)"
    .venv/bin/python -m pip install --quiet --disable-pip-version-check --no-deps -r "$lock"
    cp "$lock" "$stamp"
fi
if ! cmp -s pyproject.toml .venv/.pyproject.installed || [ ! -x .venv/bin/claimdesk ]; then
    .venv/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
    cp pyproject.toml .venv/.pyproject.installed
fi
.venv/bin/python -m scripts.translations compile

# Sourced by ./run and ./test: `ensure_venv EXTRAS` makes .venv and installs what was proven together.
# Does nothing when that was done for the same pyproject.toml and constraints.txt.

stop() {
    echo "$1" >&2
    exit 1
}

ensure_venv() {
    wanted=$(cat pyproject.toml constraints.txt | cksum)
    for done in ".venv/installed$1" ".venv/installed[test]"; do # the test extras hold all the rest
        [ "$(cat "$done" 2>/dev/null)" = "$wanted" ] && return
    done
    python=$(find_python) || stop "Python 3.11 or newer is missing: install python3 (3.11+) and run this again."
    if [ ! -x .venv/bin/python ]; then
        "$python" -m venv .venv >/dev/null 2>&1 || {
            rm -rf .venv
            stop "Python's venv module is missing: install python3-venv and run this again."
        }
    fi
    echo "Installing into .venv (once, about a minute) ..."
    .venv/bin/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e ".$1" ||
        stop "Installing failed: pip's own words stand above."
    echo "$wanted" >".venv/installed$1"
}

find_python() {
    for name in python3 python3.14 python3.13 python3.12 python3.11; do
        "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo "$name" && return
    done
    return 1
}

# shellcheck shell=bash
# Sourced by scripts/quickstart and scripts/test: the project's own .venv, made once, refreshed when it must be.

set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
venv=$root/.venv
python=$venv/bin/python
me=scripts/$(basename "$0")

# Nothing of the caller's environment may decide what is installed, shown or tested.
for name in $(compgen -e); do
    case $name in YK_* | _YK_* | PYTEST_ADDOPTS | PYTHONPATH | PYTHONHOME | PYTHONSTARTUP | PIP_TARGET | PIP_PREFIX) unset "$name" ;; esac
done
export PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_INPUT=1 PIP_USER=0

say() { printf '%s\n' "$*" >&2; }

fail() { # step, exit code
    say "$me：失败的步骤 / failed step: $1（退出码 / exit code $2）"
    exit "$2"
}

quietly() { # step, command…: shows the output only when the command fails
    local step=$1 log code=0
    shift
    log=$(mktemp)
    "$@" >"$log" 2>&1 || code=$?
    [ "$code" -eq 0 ] || cat "$log" >&2
    rm -f "$log"
    [ "$code" -eq 0 ] || fail "$step" "$code"
}

is_new_enough() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; }

find_python() {
    local name
    for name in python3.11 python3.12 python3.13 python3.14 python3 python; do
        if command -v "$name" >/dev/null && is_new_enough "$name"; then
            command -v "$name"
            return
        fi
    done
    say "没有找到 Python 3.11 或更新的版本。装好后再运行一次：https://www.python.org/downloads/"
    say "No Python 3.11 or newer found. Install one, then run this again: https://www.python.org/downloads/"
    exit 1
}

made_for() { # the folder .venv was made for, as its stamp says: its scripts do not work when it is moved
    local folder=$root
    [ ! -e "$venv/.installed" ] || read -r folder <"$venv/.installed"
    printf '%s' "$folder"
}

make_venv() {
    local base
    if is_new_enough "$python" && "$python" -m pip --version >/dev/null 2>&1 && [ "$(made_for)" = "$root" ]; then
        return
    fi
    base=$(find_python) || exit 1
    say "建立虚拟环境 .venv（$("$base" --version)）…"
    rm -rf "$venv"
    if "$base" -c 'import ensurepip' 2>/dev/null; then
        quietly "python -m venv" "$base" -m venv "$venv"
    else # Debian splits ensurepip off into python3-venv; the pip outside can fill the environment as well
        quietly "python -m venv" "$base" -m venv --without-pip "$venv"
        quietly "pip install pip" "$base" -m pip --python "$python" install pip
    fi
}

wanted() { # what the installation was made from: the place and the two files that say what yk needs
    printf '%s\n' "$root" "$("$python" --version)"
    cat "$root/setup.py" "$root/pyproject.toml"
}

install() { # '' or an extra: once, until setup.py or pyproject.toml change
    local extra=$1 stamp=$venv/.installed${1:+-$1}
    make_venv
    if [ -x "$venv/bin/yk" ] && wanted | cmp -s - "$stamp"; then
        return
    fi
    say "安装 yk${extra:+[$extra]} 和它的依赖…"
    quietly "pip install" "$python" -m pip install --quiet --editable "$root${extra:+[$extra]}"
    wanted >"$stamp"
    wanted >"$venv/.installed" # the extra holds the rest too
}

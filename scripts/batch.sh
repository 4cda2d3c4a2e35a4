# shellcheck shell=bash
# Sourced by scripts/batch_closure and scripts/batch_line_area: a batch from its list to its result, as a person would type it.
# What is done is told on stderr; the answer of `yk batch apply` (JSON) is all that goes to stdout. Exit codes are those of yk.

set -uo pipefail
me=scripts/$(basename "$0")
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)

say() { printf '%s\n' "$*" >&2; }

usage() { # kind, name, columns
    cat <<EOF
用法：$me 清单 [选项]
$2：计划 → 看结果 → 确认 → 执行，没有办的户导出在清单旁边。
清单：.csv 或 .xlsx，列有 $3（yk batch template $1 可得空清单）

  --yes           不再询问
  --set K=V       填工单栏目，可重复，如 --set basis_no=征收2026-12号
  --sheet S       工作表
  --encoding E    文本清单的编码
  --operator ID、--store URL  同 yk
退出码同 yk：0 完成，3 清单读不了，4 被拒绝，5 有没办的户
EOF
}

yk() { # the project's own yk where there is one
    if [ -x "$root/.venv/bin/yk" ]; then "$root/.venv/bin/yk" "${global[@]}" "$@"; else command yk "${global[@]}" "$@"; fi
}

must() { # command…: its exit code ends the script when it is not 0
    "$@"
    local code=$?
    [ "$code" -eq 0 ] || exit "$code"
}

read_options() { # the words of the command line
    list='' yes='' global=() planning=()
    while [ $# -gt 0 ]; do
        case $1 in
            -h | --help) help=1 ;;
            -y | --yes) yes=1 ;;
            --set | --sheet | --encoding | --operator | --store | --now)
                [ $# -ge 2 ] || { say "$me：$1 后面要有一个值"; exit 2; }
                case $1 in --set | --sheet | --encoding) planning+=("$1" "$2") ;; *) global+=("$1" "$2") ;; esac
                shift
                ;;
            -?*) say "$me：不认识的选项 $1（-h 看用法）"; exit 2 ;;
            *) [ -z "$list" ] || { say "$me：一次一份清单，多出来的是 $1"; exit 2; }; list=$1 ;;
        esac
        shift
    done
}

run_batch() { # kind, name, columns, then the words of the command line
    local kind=$1 name=$2 columns=$3 number answer code left
    help=''
    read_options "${@:4}"
    if [ -n "$help" ]; then usage "$kind" "$name" "$columns"; exit 0; fi
    if [ -z "$list" ]; then usage "$kind" "$name" "$columns" >&2; exit 2; fi

    number=$(yk batch plan "$kind" -f "$list" "${planning[@]}" --json)
    code=$?
    if [ "$code" -ne 0 ]; then # the error, as yk tells it to programs and to people
        printf '%s\n' "$number"
        sed -nE 's/^ *"(message|hint)": "(.*)",?$/\2/p' <<<"$number" >&2
        exit "$code"
    fi
    number=$(sed -nE 's/^ *"batch": "([0-9]+)".*/\1/p' <<<"$number")
    must yk batch show "$number" >&2
    yk batch rows "$number" --status blocked --limit 20 >&2
    if [ -z "$yes" ]; then
        [ -t 0 ] || { say "$me：批次 $number 已计划；要执行请加 --yes"; exit 2; }
        read -r -p "确认批次 $number 的预控措施并执行？[y/N] " answer
        case $answer in [yY]* | 是) ;; *) say "批次 $number 没有执行；以后执行：yk batch apply $number"; exit 1 ;; esac
    fi
    must yk batch confirm "$number" --all >&2
    yk batch apply "$number" --yes --json
    code=$?
    if [ "$code" -eq 5 ]; then
        left=${list%.*}.未办-$number.csv
        [ "$list" != - ] || left=未办-$number.csv
        yk batch export "$number" -o "$left" >&2 && say "没有办的户：$left"
    fi
    say "批次 $number；撤销：yk batch undo $number --yes"
    exit "$code"
}

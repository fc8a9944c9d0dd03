#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# manuals.sh FOLDER VERSION PROGRAM...: man pages and completions for bash, zsh and fish, made of
# what PROGRAM --manual says, and so says of each of its commands: sections whose headings are in
# capitals, text that is indented by 4, terms of lists two blanks before what they mean.
set -euo pipefail
folder=$1 version=$2
shift 2
program=("$@")
mkdir -p "$folder"

# names REGEX: the terms in sections of the help text on stdin, with what they mean.
names() {
    awk -v section="$1" '/^[A-Z]/ { inside = $0 ~ section }
        inside && match($0, /^    [^ ].*[^ ]  +/) {
            term = substr($0, 5, RLENGTH - 4)
            sub(/ +$/, "", term)
            print term "\t" substr($0, RLENGTH + 1)
        }
        inside && /^    -[^ ]*( [^ ]+)*$/ { print substr($0, 5) "\t" }'
}

# page NAME OTHER...: the help text on stdin as a man page that refers to the others.
page() {
    awk -v name="$1" -v version="$version" -v others="${*:2}" '
        function plain(text) {
            gsub(/\\/, "\\e", text)
            gsub(/-/, "\\-", text)
            return text ~ /^[.\x27]/ ? "\\&" text : text
        }
        # Text that is indented by more than its column stays as it is.
        function put(text, verbatim) {
            if (verbatim != kept)
                print (verbatim ? ".nf" : ".fi")
            kept = verbatim
            print plain(text)
        }
        function break_off() {
            if (kept)
                print ".fi"
            kept = 0
        }
        BEGIN { printf ".TH %s 1 \"\" \"tsobench %s\" \"User commands\"\n", toupper(plain(name)), version }
        /^[A-Z]/ {
            break_off()
            section = $0
            lists = section ~ /^(OPTIONS|COMMANDS|VERBS|FORMATS|ENVIRONMENT|FILES)$/
            as_it_is = section ~ /^(SYNOPSIS|EXAMPLES)$/
            column = 4
            print ".SH " section
            next
        }
        /^$/ { blank = 1; next }
        {
            match($0, /^ */)
            indent = RLENGTH
            if (section == "NAME") {
                sub(/^.* - /, "")
                print plain(name) " \\- " plain($0)
                next
            }
            if (lists && indent == 4 && ($0 ~ /^    -/ || match($0, /^    [^ ].*[^ ]  +/))) {
                break_off()
                blank = 0
                column = match($0, /^    [^ ].*[^ ]  +/) ? RLENGTH : 0
                term = substr($0, 5, (column ? column : length($0)) - 4)
                sub(/ +$/, "", term)
                printf ".TP\n.B %s\n", plain(term)
                if (!column)
                    next
                $0 = substr($0, column + 1)
                indent = column
            } else {
                if (lists && indent == 4 && column != 4) # a paragraph after a list
                    blank = column = 4
                if (!column)
                    column = indent
                if (blank) {
                    break_off()
                    print (lists && column != 4 ? ".IP" : ".PP")
                    blank = 0
                }
                $0 = substr($0, (indent < column ? indent : column) + 1)
            }
            put($0, as_it_is || indent > column)
        }
        END {
            break_off()
            print ".SH SEE ALSO"
            count = split(others, other, " ")
            for (i = 1; i <= count; i++)
                printf ".BR %s (1)%s\n", plain(other[i]), i < count ? "," : ""
        }'
}

# The commands, by the words that call them, as in `tsobench trace show`.
keys=(tsobench)
declare -A help words told
help[tsobench]=$("${program[@]}" --manual)
for ((i = 0; i < ${#keys[@]}; i++)); do
    key=${keys[i]}
    while IFS=$'\t' read -r word meaning; do
        keys+=("$key $word")
        told[$key $word]=$meaning
        words[$key]+="$word "
        read -ra command <<<"$key $word"
        help[$key $word]=$("${program[@]}" "${command[@]:1}" --manual)
    done < <(names '^(COMMANDS|VERBS)$' <<<"${help[$key]}")
    words[$key]+=$({ names '^OPTIONS$' <<<"${help[$key]}" && printf '%s\n' --help --manual; } | cut -f 1 |
        grep -oE -- '(^| )-(-[a-z-]+|[a-z])\b' | sort -u | tr -d ' ' | tr '\n' ' ')
done
words[tsobench]+=' --version'

pages=("${keys[@]// /-}")
for i in "${!keys[@]}"; do
    others=(tsobench)
    ((i)) || others=("${pages[@]:1}")
    page "${pages[i]}" "${others[@]}" <<<"${help[${keys[i]}]}" >"$folder/${pages[i]}.1"
done

# ---- completion: which words may follow a command ----

table() {
    for key in "${keys[@]}"; do
        # shellcheck disable=SC2059
        printf "    $1\n" "$key" "${words[$key]}"
    done
}
cat >"$folder/tsobench.bash" <<END
# Completion of tsobench for bash, made of its --help.
_tsobench() {
    local -A words=(
$(table "    ['%s']='%s'")
    )
    local key=tsobench word
    for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
        [[ ! \${words[\$key \$word]+known} ]] || key+=" \$word"
    done
    mapfile -t COMPREPLY < <(compgen -W "\${words[\$key]}" -- "\${COMP_WORDS[COMP_CWORD]}")
}
complete -o default -F _tsobench tsobench
END
cat >"$folder/_tsobench" <<END
#compdef tsobench
# Completion of tsobench for zsh, made of its --help.
local -A follow=(
$(table "'%s' '%s'")
)
local key=tsobench word
for word in "\${(@)words[2,CURRENT-1]}"; do
    (( \${+follow[\$key \$word]} )) && key+=" \$word"
done
compadd -- \${=follow[\$key]} || _files
END

# fish COMMAND OPTION...: a line of the completion where the words of COMMAND were typed.
fish() {
    local condition='' word
    read -ra command <<<"$1"
    for word in "${command[@]:1}"; do
        condition+="${condition:+; and }__fish_seen_subcommand_from $word"
    done
    printf "complete -c tsobench -n '%s' %s\n" "${condition:-__fish_use_subcommand}" "${*:2}"
}
{
    echo "# Completion of tsobench for fish, made of its --help."
    for key in "${keys[@]}"; do
        for word in ${words[$key]}; do
            case $word in
            --*) fish "$key" -l "${word#--}" ;;
            -*) fish "$key" -s "${word#-}" ;;
            *) fish "$key" -a "$word" -d "'${told[$key $word]//\'/\\\'}'" ;;
            esac
        done
    done
} >"$folder/tsobench.fish"

#!/bin/sh
# Writes docs/behaviours/ids.md anew: every behaviour of all.md with the tests that cite it, or where it is said why there is none.
# Takes ids that are tested by now out of open.md.
# Usage: behaviours.sh         both
#        behaviours.sh FILE    writes to FILE what ids.md would be, and changes nothing else
set -eu
cd "$(dirname "$0")/.."
out=${1:-docs/behaviours/ids.md}
work=$(mktemp)
cited=$(mktemp)
trap 'rm -f "$work" "$cited"' EXIT

# "id<tab>where": a test class by its file's name, a file of cases by its path below tests/.
grep -roE --include='*.cs' --include='*.json' --exclude-dir=bin --exclude-dir=obj \
    'Trait\("Behaviour", *"SS-[0-9]+"\)|"behaviour": *"SS-[0-9]+( SS-[0-9]+)*"' tests |
    awk -F: '
        {
            where = $1
            if (where ~ /\.cs$/) { sub(/.*\//, "", where); sub(/\.cs$/, "", where) } else sub(/^tests\//, "", where)
            rest = $0
            while (match(rest, /SS-[0-9]+/)) {
                print substr(rest, RSTART, RLENGTH) "\t" where
                rest = substr(rest, RSTART + RLENGTH)
            }
        }' | LC_ALL=C sort -u > "$cited"

open=docs/behaviours/open.md
if [ $# -eq 0 ]; then
    awk -F'\t' 'NR == FNR { tested[$1]; next } !($0 ~ /^- SS-/ && substr($0, 3) in tested)' "$cited" "$open" > "$work"
    cat "$work" > "$open"
fi

# The ids in the first column of a table.
rows() { sed -n 's/^| *\(SS-[^|]*\)|.*/\1/p' "$1" | grep -oE 'SS-[0-9]+' || true; }

{
    cat <<END
# Behaviours and their tests

Made by \`scripts/behaviours.sh\` from [all.md](all.md) and the tests; don't edit. [differs](differences.md) and [not applicable](not-applicable.md) say why;
[open](open.md) is still to be done.

END
    {
        sed 's/^/cited\t/' "$cited"
        rows docs/behaviours/differences.md | sed 's/^/differs\t/'
        rows docs/behaviours/not-applicable.md | sed 's/^/not applicable\t/'
        grep -oE '^- SS-[0-9]+' "$open" | sed 's/^- /open\t/' || true
        sed -n 's/^- \(SS-[0-9]*\) \(.*\)/title\t\1\t\2/p' docs/behaviours/all.md
    } | awk -F'\t' '
        $1 == "cited" { tests[$2] = tests[$2] (tests[$2] == "" ? "" : ", ") $3; next }
        $1 == "title" {
            said = tests[$2]
            if (other[$2] != "") said = said (said == "" ? "" : "; ") other[$2]
            print "- " $2 " " $3 ": " (said == "" ? "MISSING" : said)
            next
        }
        index(other[$2], $1) == 0 { other[$2] = other[$2] (other[$2] == "" ? "" : ", ") $1 }'
} > "$work"
cat "$work" > "$out"

#!/bin/sh
# Writes docs/behaviours/ids.md anew: which tests cite which behaviour.
# Usage: behaviours.sh [FILE]
set -eu
cd "$(dirname "$0")/.."
out=${1:-docs/behaviours/ids.md}
work=$(mktemp)
trap 'rm -f "$work"' EXIT

{
    cat <<END
# Behaviours and the tests that cite them

Made by \`scripts/behaviours.sh\`; don't edit.

END
    # "path:line" to "number, id, where": a test class by its name, a file of cases by its path below tests/.
    grep -roE --include='*.cs' --include='*.json' --exclude-dir=bin --exclude-dir=obj \
        'Trait\("Behaviour", *"SS-[0-9]+"\)|"behaviour": *"SS-[0-9]+"' tests |
        awk -F: '
            {
                where = $1
                if (where ~ /\.cs$/) { sub(/.*\//, "", where); sub(/\.cs$/, "", where) } else sub(/^tests\//, "", where)
                match($0, /SS-[0-9]+/)
                id = substr($0, RSTART, RLENGTH)
                print substr(id, 4) "\t" id "\t" where
            }' | LC_ALL=C sort -u | LC_ALL=C sort -s -n -k1,1 |
        awk -F'\t' '
            $2 != id { if (id != "") print "- " id ": " list; id = $2; list = $3; next }
            { list = list ", " $3 }
            END { if (id != "") print "- " id ": " list }'
} > "$work"
cat "$work" > "$out"

#!/bin/sh
# Every test project, one after another (they share two cores and one containerd), then one closing line.
set -u
cd "$(dirname "$0")/.." || exit 1
passed=0 failed=0 skipped=0 broken=0
results=$(mktemp -d)
trap 'rm -rf "$results"' EXIT
export KENNEL_PROGRAM="$PWD/artifacts/kennel"

dotnet build Kennel.slnx -c Debug -v quiet --nologo || { echo "the build failed"; echo "0 passed, 1 failed, 0 skipped"; exit 1; }
for project in tests/*Tests/*Tests.csproj; do
    name=$(basename "$project" .csproj)
    echo "== $name"
    dotnet test "$project" --no-build --nologo -v quiet --logger "console;verbosity=minimal" > "$results/$name" 2>&1
    code=$?
    cat "$results/$name"
    line=$(grep -E '(Passed|Failed|Skipped)! +- Failed:' "$results/$name" | tail -n 1)
    if [ -z "$line" ]; then
        [ "$code" -eq 0 ] || { broken=$((broken + 1)); echo "$name didn't finish (exit $code)"; }
        continue
    fi
    count() { echo "$line" | sed -n "s/.*$1: *\([0-9]*\).*/\1/p"; }
    passed=$((passed + $(count Passed))); failed=$((failed + $(count Failed))); skipped=$((skipped + $(count Skipped)))
done
failed=$((failed + broken))
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]

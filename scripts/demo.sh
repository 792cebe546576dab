#!/bin/sh
# The course notes, walked through for real: prints each command and what it answers. The cluster stays up.
# Usage: demo.sh DATA_DIR      (see `make demo`)
set -eu
data=${1:-/var/lib/kennel}
cd "$(dirname "$0")/.."
kennel=$PWD/artifacts/kennel
visits=$PWD/examples/visits
log=$data/kennel.log
export KUBECONFIG="$data/kubeconfig"

say() { printf '\n\033[1m# %s\033[0m\n' "$*"; }
show() { printf '\033[2m$ %s\033[0m\n' "$*"; "$@"; }

say "Kennel"
if "$kennel" status --data-dir "$data" >/dev/null 2>&1; then
    echo "found running: $("$kennel" status --data-dir "$data" | head -n 1)"
else
    mkdir -p "$data"
    setsid "$kennel" up --data-dir "$data" > "$log" 2>&1 < /dev/null &
    pid=$!
    # up prints its line when it is ready; until then show that something happens
    until grep -q '^Kennel is ready' "$log" 2>/dev/null; do
        kill -0 $pid 2>/dev/null || { echo "kennel didn't start:"; cat "$log"; exit 1; }
        printf .
        sleep 0.2
    done
    echo
    grep '^Kennel is ready' "$log"
fi

say "The example's image, from Debian packages"
if "$kennel" image list --data-dir "$data" | grep -q 'docker.io/kennel/visits:1'; then
    echo "found: kennel/visits:1"
else
    "$visits/image.sh" "$kennel" "$data" kennel/visits:1 khannedy/nodejs-stateful:latest
fi

say "Membuat StatefulSet"
show kubectl apply -f "$visits/statefulset.yaml"
say "Pods appear one after another, nodejs-stateful-0 first"
show kubectl rollout status statefulset/nodejs-stateful --timeout=180s
show kubectl get all
show kubectl get pvc
show kubectl get pv
show kubectl get sts -o wide

say "Each visit is counted by the pod that answers"
for _ in 1 2 3 4 5 6 7 8 9; do
    curl -fsS -H 'accept: application/json' http://127.0.0.1:30002/
done
show kubectl logs nodejs-stateful-0
show kubectl exec nodejs-stateful-0 -- ls
printf '\033[2m$ kubectl exec nodejs-stateful-0 -- cat data/state.json\033[0m\n'
kubectl exec nodejs-stateful-0 -- cat data/state.json 2>/dev/null || printf '(no visit yet)'
echo

say "A deleted pod comes back under its name, with its claim and its count"
show kubectl delete pod nodejs-stateful-0
show kubectl rollout status statefulset/nodejs-stateful --timeout=180s
show kubectl get pods
show kubectl logs nodejs-stateful-0
show kubectl get -f "$visits/statefulset.yaml"

say "Stateless: the pods of a Deployment share one claim and have names by chance"
show kubectl apply -f "$visits/deployment.yaml"
show kubectl rollout status deployment/nodejs-stateless --timeout=180s
show kubectl get pods -l name=nodejs-stateless

say "Everything stays up"
cat <<END
The page:                   http://127.0.0.1:30002/   (and on every other address of this machine)
To use kubectl yourself:    export KUBECONFIG=$KUBECONFIG
To stop:                    make down      (make clean removes every trace)
END

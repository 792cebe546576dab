"""What programs do with Debian's python3-kubernetes. Says what it did, one step a line; any surprise ends it."""
import json
import sys
import threading
import uuid

from kubernetes import client, config, dynamic, watch
from kubernetes.client.rest import ApiException
from kubernetes.leaderelection import electionconfig, leaderelection
from kubernetes.leaderelection.resourcelock.configmaplock import ConfigMapLock
from kubernetes.stream import stream

config.load_kube_config(sys.argv[1])
core, apps = client.CoreV1Api(), client.AppsV1Api()
SPACE = "default"


def done(step):
    print(step, flush=True)


def expect(wanted, found):
    if wanted != found:
        sys.exit(f"expected {wanted!r}, found {found!r}")


def refused(status, reason, call):
    try:
        call()
    except ApiException as e:
        expect((status, True), (e.status, f'"reason":"{reason}"' in e.body.replace(" ", "")))
        return
    sys.exit(f"not refused: {reason}")


def objects():
    made = core.create_namespaced_config_map(SPACE, client.V1ConfigMap(metadata=client.V1ObjectMeta(name="py", labels={"app": "py"}), data={"a": "1"}))
    expect("1", core.read_namespaced_config_map("py", SPACE).data["a"])
    refused(409, "AlreadyExists", lambda: core.create_namespaced_config_map(SPACE, client.V1ConfigMap(metadata=client.V1ObjectMeta(name="py"))))
    refused(404, "NotFound", lambda: core.read_namespaced_config_map("nobody", SPACE))
    core.replace_namespaced_config_map("py", SPACE, client.V1ConfigMap(metadata=client.V1ObjectMeta(name="py", labels={"app": "py"}), data={"a": "2"}))
    made.data["a"] = "3"
    refused(409, "Conflict", lambda: core.replace_namespaced_config_map("py", SPACE, made))
    done("objects")


def patches():
    expect({"a": "2", "b": "1"}, core.patch_namespaced_config_map("py", SPACE, {"data": {"b": "1"}}).data)
    expect({"a": "2"}, core.patch_namespaced_config_map("py", SPACE, [{"op": "remove", "path": "/data/b"}]).data)
    apps.create_namespaced_stateful_set(SPACE, {
        "apiVersion": "apps/v1", "kind": "StatefulSet", "metadata": {"name": "web"},
        "spec": {"serviceName": "web", "replicas": 3, "selector": {"matchLabels": {"app": "web"}}, "template": {
            "metadata": {"labels": {"app": "web"}}, "spec": {"containers": [{"name": "main", "image": "busybox:1"}, {"name": "side", "image": "busybox:1"}]}}}})
    # Items of a list are joined by their names: strategic merge.
    changed = apps.patch_namespaced_stateful_set("web", SPACE, {"spec": {"template": {"spec": {"containers": [{"name": "main", "image": "busybox:2"}]}}}})
    expect({"main": "busybox:2", "side": "busybox:1"}, {c.name: c.image for c in changed.spec.template.spec.containers})
    expect(5, apps.patch_namespaced_stateful_set_scale("web", SPACE, {"spec": {"replicas": 5}}).spec.replicas)
    expect(5, apps.read_namespaced_stateful_set_scale("web", SPACE).spec.replicas)
    expect(5, apps.read_namespaced_stateful_set("web", SPACE).spec.replicas)
    done("patches")


def informer():
    """List, then watch from there, as an informer does."""
    listed = core.list_namespaced_config_map(SPACE, label_selector="app=py")
    expect(["py"], [m.metadata.name for m in listed.items])
    seen, ready = [], threading.Event()

    def follow():
        for event in watch.Watch().stream(core.list_namespaced_config_map, SPACE, label_selector="app=py", resource_version=listed.metadata.resource_version, timeout_seconds=30):
            seen.append((event["type"], event["object"].metadata.name))
            if event["type"] == "DELETED" and event["object"].metadata.name == "py-2":
                ready.set()
                return

    thread = threading.Thread(target=follow, daemon=True)
    thread.start()
    core.create_namespaced_config_map(SPACE, client.V1ConfigMap(metadata=client.V1ObjectMeta(name="py-2", labels={"app": "py"})))
    core.patch_namespaced_config_map("py", SPACE, {"metadata": {"labels": {"app": "other"}}})
    core.delete_namespaced_config_map("py-2", SPACE)
    if not ready.wait(30):
        sys.exit(f"the watch heard only {seen}")
    expect([("ADDED", "py-2"), ("DELETED", "py"), ("DELETED", "py-2")], seen)
    done("informer")


def pages():
    for i in range(7):
        core.create_namespaced_config_map(SPACE, client.V1ConfigMap(metadata=client.V1ObjectMeta(name=f"page-{i}", labels={"pages": "yes"})))
    names, token = [], None
    while True:
        page = core.list_namespaced_config_map(SPACE, label_selector="pages=yes", limit=3, _continue=token)
        names += [m.metadata.name for m in page.items]
        token = page.metadata._continue
        if not token:
            break
    expect([f"page-{i}" for i in range(7)], names)
    core.delete_collection_namespaced_config_map(SPACE, label_selector="pages=yes")
    expect([], core.list_namespaced_config_map(SPACE, label_selector="pages=yes").items)
    done("pages")


def too_old():
    """History that is gone is a 410, and a new list helps."""
    try:
        for _ in watch.Watch().stream(core.list_namespaced_config_map, SPACE, resource_version="1", timeout_seconds=10):
            pass
        sys.exit("a watch from a forgotten revision wasn't refused")
    except ApiException as e:
        expect(410, e.status)
    core.list_namespaced_config_map(SPACE)
    done("too old")


def by_discovery():
    kinds = dynamic.DynamicClient(client.ApiClient())
    maps = kinds.resources.get(api_version="v1", kind="ConfigMap")
    wanted = json.dumps({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "applied", "namespace": SPACE}, "data": {"a": "1"}})
    applied = kinds.patch(maps, wanted, name="applied", namespace=SPACE, content_type="application/apply-patch+yaml", field_manager="python")
    expect("Apply", applied.metadata.managedFields[0].operation)
    expect(["StatefulSet"], [r.kind for r in kinds.resources.search(kind="StatefulSet", api_version="apps/v1") if r.kind == "StatefulSet"][:1])
    sets = kinds.resources.get(api_version="apps/v1", kind="StatefulSet")
    expect("web", sets.get(name="web", namespace=SPACE).metadata.name)
    expect(2, sets.scale.patch(body={"spec": {"replicas": 2}}, name="web", namespace=SPACE, content_type="application/merge-patch+json").spec.replicas)
    done("by discovery")


def leads():
    led = threading.Event()
    lock = ConfigMapLock("leader", SPACE, str(uuid.uuid4()))
    settings = electionconfig.Config(lock, lease_duration=5, renew_deadline=4, retry_period=1, onstarted_leading=led.set, onstopped_leading=lambda: None)
    threading.Thread(target=leaderelection.LeaderElection(settings).run, daemon=True).start()
    if not led.wait(30):
        sys.exit("nobody leads")
    expect(True, "control-plane.alpha.kubernetes.io/leader" in core.read_namespaced_config_map("leader", SPACE).metadata.annotations)
    done("leads")


def runs_commands():
    expect("say\n", stream(core.connect_get_namespaced_pod_exec, "p", SPACE, command=["say"], stderr=True, stdout=True, stdin=False, tty=False))
    talk = stream(core.connect_get_namespaced_pod_exec, "p", SPACE, command=["fail"], stderr=True, stdout=True, stdin=False, tty=False, _preload_content=False)
    talk.run_forever(timeout=30)
    expect(7, talk.returncode)
    done("runs commands")


for step in (objects, patches, informer, pages, too_old, by_discovery, leads, runs_commands):
    step()

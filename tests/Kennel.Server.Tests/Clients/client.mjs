// What programs do with the official JavaScript client. Says what it did, one step a line; any surprise ends it.
import assert from 'node:assert/strict';
import { Writable } from 'node:stream';
import * as k8s from '@kubernetes/client-node';

const config = new k8s.KubeConfig();
config.loadFromFile(process.argv[2]);
const core = config.makeApiClient(k8s.CoreV1Api);
const apps = config.makeApiClient(k8s.AppsV1Api);
const lease = config.makeApiClient(k8s.CoordinationV1Api);
const namespace = 'default';
const done = step => console.log(step);
const map = (name, data, labels = { app: 'js' }) => ({ metadata: { name, labels }, data });
const refused = (promise, code) => assert.rejects(promise, e => e.code === code);
const until = async what => {
    for (let i = 0; i < 300 && !what(); i++) await new Promise(r => setTimeout(r, 100));
    assert.ok(what(), 'waited in vain for ' + what);
};

async function objects() {
    const made = await core.createNamespacedConfigMap({ namespace, body: map('js', { a: '1' }) });
    await refused(core.createNamespacedConfigMap({ namespace, body: map('js') }), 409);
    await refused(core.readNamespacedConfigMap({ namespace, name: 'nobody' }), 404);
    made.data.a = '2';
    await core.replaceNamespacedConfigMap({ namespace, name: 'js', body: made });
    await refused(core.replaceNamespacedConfigMap({ namespace, name: 'js', body: made }), 409);
    assert.equal((await core.readNamespacedConfigMap({ namespace, name: 'js' })).data.a, '2');
    done('objects');
}

async function patches() {
    const as = type => k8s.setHeaderOptions('Content-Type', type);
    const json = await core.patchNamespacedConfigMap({ namespace, name: 'js', body: [{ op: 'add', path: '/data/b', value: 'x' }] }, as(k8s.PatchStrategy.JsonPatch));
    assert.deepEqual(json.data, { a: '2', b: 'x' });
    const merge = await core.patchNamespacedConfigMap({ namespace, name: 'js', body: { data: { b: null } } }, as(k8s.PatchStrategy.MergePatch));
    assert.deepEqual(merge.data, { a: '2' });
    await apps.createNamespacedStatefulSet({ namespace, body: { metadata: { name: 'js' }, spec: { serviceName: 'js', replicas: 1, selector: { matchLabels: { app: 'js' } },
        template: { metadata: { labels: { app: 'js' } }, spec: { containers: [{ name: 'main', image: 'busybox:1' }, { name: 'side', image: 'busybox:1' }] } } } } });
    const strategic = await apps.patchNamespacedStatefulSet({ namespace, name: 'js', body: { spec: { template: { spec: { containers: [{ name: 'side', image: 'busybox:2' }] } } } } }, as(k8s.PatchStrategy.StrategicMergePatch));
    assert.deepEqual(Object.fromEntries(strategic.spec.template.spec.containers.map(c => [c.name, c.image])), { main: 'busybox:1', side: 'busybox:2' });
    const applied = await core.patchNamespacedConfigMap({ namespace, name: 'applied-js', fieldManager: 'js', force: true, body: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'applied-js' }, data: { a: '1' } } }, as(k8s.PatchStrategy.ServerSideApply));
    assert.equal(applied.metadata.managedFields[0].operation, 'Apply');
    done('patches');
}

async function informer() {
    const seen = [];
    const path = `/api/v1/namespaces/${namespace}/configmaps`;
    const informer = k8s.makeInformer(config, path, () => core.listNamespacedConfigMap({ namespace, labelSelector: 'app=js' }), 'app=js');
    for (const what of ['add', 'update', 'delete']) informer.on(what, o => seen.push(`${what} ${o.metadata.name}`));
    informer.on('error', e => { if (e?.name !== 'AbortError') throw e; }); // how a stop is told
    await informer.start();
    await until(() => seen.includes('add js'));
    await core.createNamespacedConfigMap({ namespace, body: map('js-2') });
    await until(() => seen.includes('add js-2'));
    await core.patchNamespacedConfigMap({ namespace, name: 'js-2', body: { data: { a: 'b' } } }, k8s.setHeaderOptions('Content-Type', k8s.PatchStrategy.MergePatch));
    await until(() => seen.includes('update js-2'));
    await core.deleteNamespacedConfigMap({ namespace, name: 'js-2' });
    await until(() => seen.includes('delete js-2'));
    await informer.stop();
    done('informer');
}

async function leads() {
    const body = { metadata: { name: 'js' }, spec: { holderIdentity: 'one', leaseDurationSeconds: 15, acquireTime: new k8s.V1MicroTime(), renewTime: new k8s.V1MicroTime() } };
    const held = await lease.createNamespacedLease({ namespace, body });
    await refused(lease.createNamespacedLease({ namespace, body }), 409);
    held.spec.renewTime = new k8s.V1MicroTime();
    await lease.replaceNamespacedLease({ namespace, name: 'js', body: held });
    held.spec.holderIdentity = 'two'; // from what it knew before the renewal
    await refused(lease.replaceNamespacedLease({ namespace, name: 'js', body: held }), 409);
    done('leads');
}

async function runsCommands() {
    let output = '';
    const into = () => new Writable({ write(chunk, _, next) { output += chunk; next(); } });
    const status = await new Promise((resolve, reject) => new k8s.Exec(config).exec(namespace, 'p', 'main', ['say'], into(), into(), null, false, resolve).catch(reject));
    assert.equal(status.status, 'Success');
    await until(() => output === 'say\n');
    done('runs commands');
}

for (const step of [objects, patches, informer, leads, runsCommands]) await step();
process.exit(0);

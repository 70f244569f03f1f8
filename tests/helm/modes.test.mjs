// What single values do.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chart, filesOf, least, leastPostgres, parse, readText, render, root } from './chart.mjs';

const checksum = (release) => release.pod.metadata.annotations['checksum/config'];
const rendersFrom = (values, ...changes) => changes.map((change) => render({ ...values, ...change }));
// What makes Kubernetes replace pods.
const podOf = (release) => JSON.stringify(release.pod);

test('SQLite: a StatefulSet with a volume of its own, which a claim that is there replaces', () => {
  const [made, given] = rendersFrom(least(), {}, { persistence: { existingClaim: 'old-data' } });
  assert.equal(made.workload.kind, 'StatefulSet');
  assert.deepEqual(made.workload.spec.volumeClaimTemplates[0].spec.accessModes, ['ReadWriteOnce']);
  assert.equal(made.workload.spec.serviceName, made.one('Service', '-headless').metadata.name);
  assert.equal(given.workload.spec.volumeClaimTemplates, undefined);
  const data = given.pod.spec.volumes.find(({ name }) => name === 'data');
  assert.equal(data.persistentVolumeClaim.claimName, 'old-data');
  assert.equal(made.all('PersistentVolumeClaim').length, 0);
});

test('SQLite stopped for maintenance keeps its volume', () => {
  const release = render({ ...least(), replicas: 0 });
  assert.equal(release.workload.spec.replicas, 0);
  assert.equal(release.workload.spec.volumeClaimTemplates.length, 1);
});

test('PostgreSQL: content is on a claim for many, which outlives the release, or on the one that is named', () => {
  const content = { existingClaim: 'portal', subPath: 'uploads' };
  const [made, given] = rendersFrom(leastPostgres(), { replicas: 3 }, { content });
  const claim = made.one('PersistentVolumeClaim');
  assert.deepEqual(claim.spec.accessModes, ['ReadWriteMany']);
  assert.equal(claim.metadata.annotations['helm.sh/resource-policy'], 'keep');
  assert.equal(
    made.pod.spec.volumes.find(({ name }) => name === 'content').persistentVolumeClaim.claimName,
    claim.metadata.name,
  );
  assert.equal(given.all('PersistentVolumeClaim').length, 0);
  assert.equal(given.server.volumeMounts.find(({ name }) => name === 'content').subPath, 'uploads');
});

test('a rollout takes no server away before another one is there', () => {
  assert.deepEqual(render(leastPostgres()).workload.spec.strategy.rollingUpdate, { maxUnavailable: 0, maxSurge: 1 });
});

test('what the server reads once makes new pods, what it reads again does not', () => {
  const [before, config, setting, roles] = rendersFrom(
    least(),
    { auth: { roles: { siti: 'Viewer' } } },
    { auth: { roles: { siti: 'Viewer' } }, config: { sipd: { batch_size: 50 } } },
    { auth: { roles: { siti: 'Viewer' } }, settings: { ...least().settings, LOG_LEVEL: 'debug' } },
    { auth: { roles: { siti: 'Operator' } } },
  );
  assert.notEqual(checksum(before), checksum(config));
  assert.notEqual(podOf(before), podOf(setting));
  assert.equal(podOf(before), podOf(roles));
  assert.notDeepEqual(before.one('ConfigMap', '-roles').data, roles.one('ConfigMap', '-roles').data);
});

test('selectors, which Kubernetes never lets change, hold nothing that an upgrade changes', () => {
  const { workload } = render({ ...least(), commonLabels: { team: 'a' }, podLabels: { tier: 'b' } });
  assert.deepEqual(workload.spec.selector.matchLabels, {
    'app.kubernetes.io/name': 'satudata-integration',
    'app.kubernetes.io/instance': 'rel',
    'app.kubernetes.io/component': 'server',
  });
  const [claim] = workload.spec.volumeClaimTemplates;
  assert.deepEqual(claim.metadata.labels, workload.spec.selector.matchLabels);
});

test('the same values make the same manifests', () => {
  assert.equal(JSON.stringify(render(leastPostgres()).manifests), JSON.stringify(render(leastPostgres()).manifests));
});

test('numbers and switches arrive as the server reads them', () => {
  const settings = {
    ...least().settings,
    SIPD_KODEPEMDA: 1612,
    SPLP_CKAN_MAX_FILE_BYTES: 104857600,
    SIPD_RATE_LIMIT: 0.16,
    CALLER_RATE_LIMIT: 1000000,
    REFLECTION: false,
    SESSION_COOKIE_SECURE: 'on',
    ALLOW_PLAINTEXT_TARGETS: true,
  };
  const { env } = render({ ...least(), settings });
  assert.equal(env.SIPD_KODEPEMDA, '1612');
  assert.equal(env.SPLP_CKAN_MAX_FILE_BYTES, '104857600');
  assert.equal(env.SIPD_RATE_LIMIT, '0.16');
  assert.equal(env.CALLER_RATE_LIMIT, '1000000');
  assert.deepEqual([env.REFLECTION, env.SESSION_COOKIE_SECURE, env.ALLOW_PLAINTEXT_TARGETS], ['off', 'on', 'on']);
});

test('the configuration file says what the value says', () => {
  const config = {
    column_headings: { 'Kd. Ind.: "1"': 'kodeindikator' },
    splp: { ckan: { max_file_bytes: 104857600 }, target: { credential: { name: 'x-api-key', prefix: 'none' } } },
  };
  const release = render({ ...least(), config });
  assert.deepEqual(parse(release.one('ConfigMap').data['config.yaml']), config);
  assert.deepEqual(parse(render(least()).one('ConfigMap').data['config.yaml']), {});
});

test('the time to stop follows delay and grace, rounded up', () => {
  const seconds = (DRAIN_DELAY, SHUTDOWN_GRACE) =>
    render({ ...least(), settings: { ...least().settings, DRAIN_DELAY, SHUTDOWN_GRACE } }).pod.spec
      .terminationGracePeriodSeconds;
  assert.equal(seconds('5s', '10s'), 30);
  assert.equal(seconds('0s', '0'), 15);
  assert.equal(seconds('1500ms', '1m'), 77);
  assert.equal(seconds('1.5s', '1h0m0.001s'), 3618);
  assert.equal(seconds(null, null), 25);
});

test('a Secret is named once for all, or by entry', () => {
  const release = render({
    ...least(),
    secrets: { JWT_SECRET: { key: 'jwt' }, EXTERNAL_API_KEY: { name: 'gateway' } },
  });
  assert.deepEqual(release.files['secrets/JWT_SECRET'], { kind: 'secret', name: 'keys', key: 'jwt' });
  assert.deepEqual(release.files['secrets/EXTERNAL_API_KEY'], {
    kind: 'secret',
    name: 'gateway',
    key: 'EXTERNAL_API_KEY',
  });
  assert.equal(render(leastPostgres()).env.DATABASE_URL, 'secret:keys/DATABASE_URL');
});

test('on the command line one Secret per entry is enough', () => {
  const release = render({}, [
    '--set',
    'settings.SIPD_API_URL=https://sipd.example.go.id,settings.SIPD_KODEPEMDA=1612',
    '--set',
    'secrets.JWT_SECRET.name=a,secrets.SIPD_BEARER_TOKEN.name=b',
  ]);
  assert.equal(release.files['secrets/SIPD_BEARER_TOKEN'].name, 'b');
});

test('a release with a number for a name, and Secrets with such names, stay text', () => {
  const release = render({ ...least(), existingSecret: '123', fullnameOverride: 'x' }, [], '42');
  assert.equal(release.pod.metadata.labels['app.kubernetes.io/instance'], '42');
  assert.equal(release.files['secrets/JWT_SECRET'].name, '123');
});

test('long names leave room for what is appended', () => {
  const release = render({ ...leastPostgres(), fullnameOverride: 'n'.repeat(80) });
  for (const { metadata } of release.manifests) assert.ok(metadata.name.length <= 63, metadata.name);
});

test('without the page nothing of it is there, and the server keeps it to itself', () => {
  const release = render({ ...least(), web: { enabled: false } });
  assert.equal(release.one('Service', '-web'), undefined);
  assert.equal(release.env.WEB_LISTEN, '127.0.0.1:8080');
});

test('the admin Service shows servers that are not ready; the others leave them out', () => {
  const release = render(leastPostgres());
  for (const { metadata, spec } of release.all('Service')) {
    assert.equal(spec.publishNotReadyAddresses ?? false, metadata.name.endsWith('-admin'), metadata.name);
  }
  assert.equal(release.one('Service', '-headless').spec.clusterIP, 'None');
});

test('where the admin port wants a certificate, probes use what is left', () => {
  const admin = { secretName: 'admin', clientCa: { secret: 'ca' } };
  const clear = render({ ...least(), tls: { admin } }).server;
  assert.deepEqual(clear.readinessProbe.grpc, { port: 50051 });
  assert.deepEqual(clear.livenessProbe.tcpSocket, { port: 'admin' });
  const closed = render({ ...least(), tls: { admin, grpc: { secretName: 'grpc' } } }).server;
  assert.deepEqual(closed.readinessProbe.tcpSocket, { port: 'grpc' });
});

test('helm test trusts the server by its Secret, and is left out where it would have no certificate', () => {
  const grpc = { secretName: 'grpc', clientCa: { secret: 'ca' } };
  assert.equal(render({ ...least(), tls: { grpc } }).testPod, undefined);
  const { testPod } = render({ ...least(), tls: { grpc }, tests: { clientSecretName: 'tester' } });
  const files = filesOf(testPod);
  for (const [, path] of testPod.spec.containers[0].args[0].matchAll(/\/etc\/satudata\/(\S+)/g))
    assert.ok(files[path], path);
  assert.equal(files['grpc-ca.crt'].name, 'grpc');
  assert.equal(files['test.key'].name, 'tester');
  const plain = render(least()).testPod.spec.containers[0];
  assert.doesNotMatch(plain.args[0], /--ca-file/);
  assert.equal(
    plain.env.find(({ name }) => name === 'INTEGRATION_SERVER').value,
    'rel-satudata-integration.data.svc:50051',
  );
});

test('a NetworkPolicy lets the pod of helm test in, and closes what has an empty list', () => {
  const closed = { enabled: true, grpcFrom: [], webFrom: [], adminFrom: [], targetsTo: [], databaseTo: [] };
  const { spec } = render({ ...leastPostgres(), networkPolicy: closed }).one('NetworkPolicy');
  assert.deepEqual(
    spec.ingress.map(({ ports }) => ports[0].port),
    ['grpc'],
  );
  assert.deepEqual(
    spec.egress.flatMap(({ ports }) => ports.map(({ port }) => port)),
    [53, 53],
  );
  const { matchLabels } = spec.ingress[0].from[0].podSelector;
  const { labels } = render(leastPostgres()).testPod.metadata;
  for (const [label, value] of Object.entries(matchLabels)) assert.equal(labels[label], value);
});

test('a NetworkPolicy lets servers out to the ports of the addresses that they are given', () => {
  const portsFor = (values) =>
    render({ ...least(), ...values, networkPolicy: { enabled: true } })
      .one('NetworkPolicy')
      .spec.egress[1].ports.map(({ port }) => port);
  const settings = (SIPD_API_URL, SPLP_API_URL) => ({ settings: { SIPD_API_URL, SPLP_API_URL } });
  assert.deepEqual(portsFor(settings('https://sipd.example')), [443]);
  assert.deepEqual(portsFor(settings('http://sipd.example/serv:9')), [80]);
  assert.deepEqual(portsFor(settings('https://sipd.example:8443/x', 'https://[fd00::1]/y')), [443, 8443]);
  assert.deepEqual(portsFor(settings('https://sipd.example', 'https://[fd00::1]:9443')), [9443, 443]);
  assert.deepEqual(portsFor({ config: { splp: { target: { api_url: 'https://splp.example:8243' } } } }), [8243, 443]);
});

test("alerts and dashboard are the project's own", () => {
  const metrics = { prometheusRule: { enabled: true }, dashboard: { enabled: true } };
  const release = render({ ...least(), metrics });
  const alerts = readText(`${root}deploy/prometheus/alerts.yaml`);
  const dashboard = readText(`${root}deploy/grafana/dashboard.json`);
  assert.equal(readText(`${chart}/files/alerts.yaml`), alerts);
  assert.equal(readText(`${chart}/files/dashboard.json`), dashboard);
  assert.deepEqual(release.one('PrometheusRule').spec, parse(alerts));
  const [shown] = Object.values(release.one('ConfigMap', '-dashboard').data);
  assert.deepEqual(JSON.parse(shown), JSON.parse(dashboard));
  assert.ok(Buffer.byteLength(shown) < 900_000, 'a ConfigMap takes 1 MiB');
});

test('what is added to pods cannot take their labels from the selectors', () => {
  const podLabels = { 'app.kubernetes.io/component': 'other', tier: 'backend' };
  const manifests = () => render({ ...least(), podLabels });
  assert.throws(manifests, /podLabels/);
});

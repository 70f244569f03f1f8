// What holds for every configuration of ci/.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chart, configurations, filesOf, helm, readText, render, root, valuesOf } from './chart.mjs';
import { problemsOf } from './kubernetes.mjs';

const isPartOf = (part, whole) => Object.entries(part).every(([key, value]) => whole[key] === value);
const portsOf = (pod) =>
  Object.fromEntries(pod.spec.containers[0].ports.map(({ name, containerPort }) => [name, containerPort]));
const podsOf = (release) => [release.pod, release.testPod].filter(Boolean);
const selects = (selector, pod) => isPartOf(selector, pod.metadata.labels);

// `1m30s` in seconds.
function seconds(text) {
  const units = { ms: 0.001, s: 1, m: 60, h: 3600 };
  return [...text.matchAll(/([0-9.]+)(ms|s|m|h)/g)].reduce(
    (sum, [, count, unit]) => sum + Number(count) * units[unit],
    0,
  );
}

// How long after delay and grace a server ends itself.
const stopMargin = Number(readText(`${root}server/main/main.cc`).match(/kStopMargin = absl::Seconds\((\d+)\)/)[1]);

for (const name of configurations) {
  const release = render(valuesOf(name));
  const check = (what, body) => test(`${name}: ${what}`, body);

  check('helm lint has nothing to say', () => {
    const run = helm(['lint', '--strict', '--quiet', chart, '--values', `${chart}/ci/${name}`]);
    assert.ok(run.ok, run.out + run.complaint);
    assert.doesNotMatch(run.out, /WARNING|ERROR/);
  });

  check("manifests are valid by Kubernetes' schemas", () => {
    for (const manifest of release.manifests) {
      assert.deepEqual(problemsOf(manifest), [], `${manifest.kind} ${manifest.metadata.name}`);
    }
  });

  check('everything is in the namespace, and no two objects have a name', () => {
    const names = release.manifests.map(({ kind, metadata }) => `${kind} ${metadata.name}`);
    assert.equal(new Set(names).size, names.length);
    for (const { kind, metadata } of release.manifests) {
      assert.equal(metadata.namespace, 'data', kind);
      assert.match(metadata.name, /^[a-z0-9-]{1,63}$/);
    }
  });

  check('selectors find the servers and not the pod of helm test', () => {
    const selectors = [
      release.workload.spec.selector.matchLabels,
      ...release.all('Service').map(({ spec }) => spec.selector),
      ...release.all('PodDisruptionBudget').map(({ spec }) => spec.selector.matchLabels),
      ...release.all('NetworkPolicy').map(({ spec }) => spec.podSelector.matchLabels),
      ...release.pod.spec.topologySpreadConstraints.map(({ labelSelector }) => labelSelector.matchLabels),
    ];
    for (const selector of selectors) {
      assert.ok(selects(selector, release.pod), JSON.stringify(selector));
      assert.ok(!release.testPod || !selects(selector, release.testPod), JSON.stringify(selector));
    }
  });

  check('Services and probes name ports of the server', () => {
    const ports = portsOf(release.pod);
    for (const service of release.all('Service')) {
      for (const { targetPort } of service.spec.ports)
        assert.ok(ports[targetPort], `${service.metadata.name} ${targetPort}`);
    }
    for (const probe of ['startupProbe', 'readinessProbe', 'livenessProbe']) {
      const { httpGet, tcpSocket, grpc } = release.server[probe];
      const { port } = httpGet ?? tcpSocket ?? grpc;
      assert.ok(ports[port] ?? Object.values(ports).includes(port), `${probe} ${port}`);
    }
  });

  check('the server listens where ports are said to be', () => {
    const ports = portsOf(release.pod);
    for (const [port, variable] of Object.entries({ grpc: 'GRPC_LISTEN', admin: 'ADMIN_LISTEN', web: 'WEB_LISTEN' })) {
      const [, host, number] = release.env[variable].match(/^(.*):(\d+)$/);
      assert.equal(host === '127.0.0.1' ? undefined : Number(number), ports[port], variable);
    }
  });

  check('probes speak as the admin port does, and never need a certificate', () => {
    const { readinessProbe, livenessProbe, startupProbe } = release.server;
    const wantsCertificate = 'ADMIN_TLS_CLIENT_CA_FILE' in release.env;
    for (const probe of [readinessProbe, livenessProbe, startupProbe]) {
      assert.equal(Boolean(probe.httpGet), !wantsCertificate);
      if (probe.grpc) assert.ok(!('TLS_CERT_FILE' in release.env));
      if (probe.httpGet) assert.equal(probe.httpGet.scheme, 'ADMIN_TLS_CERT_FILE' in release.env ? 'HTTPS' : 'HTTP');
    }
    // Liveness must not follow readiness: nobody's database comes back by killing servers.
    if (livenessProbe.httpGet) assert.equal(livenessProbe.httpGet.path, '/healthz');
    if (readinessProbe.httpGet) assert.equal(readinessProbe.httpGet.path, '/readyz');
    assert.notDeepEqual(livenessProbe, readinessProbe);
  });

  check('a pod is given longer to stop than the server takes at most', () => {
    const needed = seconds(release.env.DRAIN_DELAY) + seconds(release.env.SHUTDOWN_GRACE) + stopMargin;
    const given = release.pod.spec.terminationGracePeriodSeconds;
    assert.ok(given >= needed + 5, `${given} s for ${needed} s`);
    assert.ok(given <= needed + 15, `${given} s for ${needed} s`);
  });

  check('pods may do nothing that they need not', () => {
    for (const pod of podsOf(release)) {
      assert.equal(pod.spec.automountServiceAccountToken, false);
      assert.equal(pod.spec.securityContext.runAsNonRoot, true);
      assert.ok(pod.spec.securityContext.runAsUser > 0);
      assert.deepEqual(pod.spec.securityContext.seccompProfile, { type: 'RuntimeDefault' });
      for (const { securityContext, resources } of pod.spec.containers) {
        assert.equal(securityContext.allowPrivilegeEscalation, false);
        assert.equal(securityContext.readOnlyRootFilesystem, true);
        assert.deepEqual(securityContext.capabilities, { drop: ['ALL'] });
        assert.ok(!('privileged' in securityContext));
        assert.ok(resources.requests.memory && resources.limits.memory && resources.requests.cpu);
      }
    }
    for (const account of release.all('ServiceAccount')) assert.equal(account.automountServiceAccountToken, false);
  });

  check('secrets are files, or a reference where the server knows no file, and nowhere in clear', () => {
    const secret = /SECRET|_KEY$|TOKEN$|PASSWORD|DATABASE_URL/;
    for (const pod of podsOf(release)) {
      for (const { name, value, valueFrom } of pod.spec.containers[0].env) {
        if (!secret.test(name.replace(/_FILE$/, ''))) continue;
        if (name.endsWith('_FILE')) assert.match(value, /^\/etc\/satudata\//, name);
        else if (name === 'DATABASE_URL') assert.ok(valueFrom ?? value.startsWith('sqlite:'), name);
        else assert.fail(`${name} is a variable`);
      }
      for (const [path, { kind }] of Object.entries(filesOf(pod))) {
        if (/^secrets\/|\.key$/.test(path)) assert.equal(kind, 'secret', path);
      }
    }
    assert.equal(release.all('Secret').length, 0);
  });

  check('each file that the server is told of is mounted, and none beside them', () => {
    const told = Object.values(release.env).filter((value) => value.startsWith('/etc/satudata/'));
    const there = Object.keys(release.files).map((path) => `/etc/satudata/${path}`);
    assert.deepEqual(told.sort(), there.sort());
    const own = new Set(release.all('ConfigMap').map(({ metadata }) => metadata.name));
    const { 'config.yaml': config, 'roles.yaml': roles } = release.files;
    for (const file of [config, roles].filter(Boolean)) assert.ok(own.has(file.name), file.name);
  });

  check('every volume is mounted, and every mount has one', () => {
    for (const pod of podsOf(release)) {
      const claims = pod === release.pod ? (release.workload.spec.volumeClaimTemplates ?? []) : [];
      const volumes = [
        ...pod.spec.volumes.map((volume) => volume.name),
        ...claims.map(({ metadata }) => metadata.name),
      ];
      const mounts = pod.spec.containers[0].volumeMounts.map((mount) => mount.name);
      assert.deepEqual(mounts.sort(), volumes.sort());
    }
  });

  check('SQLite has one server, and no server is without room to write', () => {
    const isSqlite = release.env.DATABASE_URL.startsWith('sqlite:');
    assert.equal(release.workload.kind, isSqlite ? 'StatefulSet' : 'Deployment');
    if (isSqlite) assert.ok(release.workload.spec.replicas <= 1);
    const mounts = release.server.volumeMounts.filter(({ readOnly }) => !readOnly);
    const isOn = (path, volumes) =>
      mounts.some((mount) => volumes.includes(mount.name) && path.startsWith(`${mount.mountPath}/`));
    assert.ok(isOn('/tmp/any', ['tmp']));
    assert.ok(isOn(`${release.env.CONTENT_DIR}/any`, ['data', 'content']));
    if (isSqlite) assert.ok(isOn(release.env.DATABASE_URL.slice('sqlite:///'.length), ['data']));
  });

  check('a PodDisruptionBudget never keeps a node from being drained', () => {
    const [budget] = release.all('PodDisruptionBudget');
    const [scaler] = release.all('HorizontalPodAutoscaler');
    const servers = scaler?.spec.minReplicas ?? release.workload.spec.replicas;
    assert.equal(Boolean(budget), servers > 1);
    if (budget) assert.ok(budget.spec.maxUnavailable >= 1 && !('minAvailable' in budget.spec));
  });

  check('an autoscaler has the number of servers to itself', () => {
    const [scaler] = release.all('HorizontalPodAutoscaler');
    assert.equal('replicas' in release.workload.spec, !scaler);
    if (!scaler) return;
    assert.deepEqual(scaler.spec.scaleTargetRef, {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      name: release.workload.metadata.name,
    });
    assert.ok(release.server.resources.requests.cpu);
  });

  check('a NetworkPolicy knows every port and is open to nobody by an empty list', () => {
    const [policy] = release.all('NetworkPolicy');
    if (!policy) return;
    const ports = portsOf(release.pod);
    for (const { ports: allowed, from } of policy.spec.ingress) {
      for (const { port } of allowed) assert.ok(ports[port], port);
      assert.ok(from.length > 0);
    }
    const out = policy.spec.egress.flatMap(({ ports: allowed = [] }) => allowed.map(({ port }) => port));
    assert.ok(out.includes(53));
    assert.equal(out.includes(5432), !release.env.DATABASE_URL.startsWith('sqlite:'));
    const addresses = JSON.stringify(valuesOf(name))
      .match(/https?:[^"]*/g)
      .map((text) => new URL(text));
    for (const { hostname, port, protocol } of addresses) {
      if (!/api-splp|sipd\.go\.id|gateway|splp\./.test(hostname)) continue;
      assert.ok(out.includes(Number(port || (protocol === 'https:' ? 443 : 80))), hostname);
    }
  });

  check('an Ingress and a ServiceMonitor name Services and ports that are there', () => {
    const service = (suffix) => release.one('Service', suffix);
    for (const { spec } of release.all('Ingress')) {
      for (const { http } of spec.rules) {
        const { name: backend, port } = http.paths[0].backend.service;
        assert.equal(service('-web').metadata.name, backend);
        assert.equal(service('-web').spec.ports[0].name, port.name);
      }
    }
    for (const { spec } of release.all('ServiceMonitor')) {
      const found = release
        .all('Service')
        .filter(({ metadata }) => isPartOf(spec.selector.matchLabels, metadata.labels));
      assert.deepEqual(
        found.map(({ metadata }) => metadata.name),
        [service('-admin').metadata.name],
      );
      assert.equal(found[0].spec.ports[0].name, spec.endpoints[0].port);
      assert.match(found[0].metadata.labels[spec.jobLabel], /integration/);
      assert.equal(spec.endpoints[0].scheme, 'ADMIN_TLS_CERT_FILE' in release.env ? 'https' : 'http');
    }
  });
}

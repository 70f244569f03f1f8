// Values that cannot work are refused before anything is installed, by a line that names the value.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { least, leastPostgres, refusalOf } from './chart.mjs';

// `changes` by path: {'settings.LEASE_TIME': '1 minute'}; undefined removes.
function changed(values, changes) {
  const copy = structuredClone(values);
  for (const [path, value] of Object.entries(changes)) {
    const keys = path.split('.');
    const last = keys.pop();
    const place = keys.reduce((map, key) => (map[key] ??= {}), copy);
    if (value === undefined) delete place[last];
    else place[last] = value;
  }
  return copy;
}

const wrongByThemselves = {
  mode: ['mysql'],
  replicas: [-1, '3', 1.5],
  unknownValue: [1],
  'settings.LEASE_TIME': ['1 minute', 60, '', '1m 5s', '-5s', '5d'],
  'settings.DRAIN_DELAY': ['soon'],
  'settings.SIPD_API_URL': ['sipd.go.id', 'ftp://sipd.go.id', 'https://user:password@sipd.go.id'],
  'settings.SIPD_KODEPEMDA': ['16120', 161, 'abcd'],
  'settings.SIPD_MAX_CONCURRENCY': [0, '64', 1.5],
  'settings.SIPD_RATE_LIMIT': [-1, 'fast'],
  'settings.REFLECTION': ['maybe', 1],
  'settings.LOG_LEVEL': ['verbose'],
  'settings.ACCESS_LOG': ['yes'],
  'settings.SPLP_PROFILE': ['rest'],
  'settings.WEB_MAX_STREAMS': [500],
  'settings.ADDRESS_FILE': ['addresses.json'],
  'auth.roles.siti': ['King'],
  'auth.jwks.key': ['a/b'],
  'image.digest': ['sha256:abc'],
  'image.pullPolicy': ['Sometimes'],
  'persistence.size': ['much'],
  'persistence.accessMode': ['ReadWriteMany'],
  'content.subPath': ['/absolute'],
  'service.grpc.port': [0, 70000, '50051'],
  'service.grpc.type': ['ExternalName'],
  'web.ingress.hosts': [['https://data.example.go.id']],
  'probes.liveness.httpGet': [{ path: '/' }],
  'networkPolicy.grpcFrom': [[{}], [{ cidr: '10.0.0.0/8' }]],
  'networkPolicy.databasePort': ['postgres'],
  'podDisruptionBudget.maxUnavailable': [0, '0%'],
  listenHost: ['127.0.0.1', 'localhost'],
  'secrets.JWT_SECRET.value': ['in clear'],
  existingSecret: ['Not_A_Name'],
  'config.database_url': ['sqlite:///x'],
  'config.splp.target.ca_bundle_file': ['/x'],
  'config.splp.target.request_deadline': ['long'],
  'config.sipd.batch': [5],
  'config.column_headings.Kode': ['kode'],
};

// A schema complains of all at once, so that the first of each go together, then the second of each.
const rounds = Array.from(
  { length: Math.max(...Object.values(wrongByThemselves).map((values) => values.length)) },
  (_, round) => {
    const changes = Object.entries(wrongByThemselves)
      .filter(([, values]) => round in values)
      .map(([path, values]) => [path, values[round]]);
    return refusalOf(changed(least(), Object.fromEntries(changes))).split('\n');
  },
);

// Of a key that it does not know it speaks at the map that holds it.
function speaksOf(line, path) {
  const keys = path.split('.');
  const last = keys.pop();
  const pointer = (parts) => parts.map((part) => `/${part}`).join('');
  const at = line.match(/^ *- at '([^']*)': (.*)/);
  if (!at) return false;
  return at[1].startsWith(pointer([...keys, last])) || (at[1] === pointer(keys) && at[2].includes(`'${last}'`));
}

for (const [path, values] of Object.entries(wrongByThemselves)) {
  test(`${path} is checked`, () => {
    values.forEach((value, round) => {
      assert.ok(
        rounds[round].some((line) => speaksOf(line, path)),
        `${JSON.stringify(value)}: ${rounds[round].join('\n')}`,
      );
    });
  });
}

test("labels that select are nobody else's to set", () => {
  for (const value of ['podLabels', 'commonLabels']) {
    assert.match(
      refusalOf({ ...least(), [value]: { 'app.kubernetes.io/component': 'other' } }),
      new RegExp(`'/${value}/app`),
    );
  }
});

test('what the chart sets itself is no setting', () => {
  for (const name of [
    'GRPC_LISTEN',
    'DATABASE_URL',
    'JWT_SECRET',
    'TLS_CERT_FILE',
    'CONFIG_FILE',
    'SPLP_API_KEY',
    'CHANNELZ_LISTEN',
  ]) {
    assert.match(refusalOf(changed(least(), { [`settings.${name}`]: 'x' })), new RegExp(`'/settings'.*'${name}'`));
  }
});

const wrongTogether = [
  ['replicas', least(), { replicas: 2 }, 'mode=postgres'],
  ['replicas', least(), { replicas: 2, mode: 'sqlite' }, 'replicas=1'],
  ['autoscaling.enabled', least(), { 'autoscaling.enabled': true }, 'mode=postgres'],
  [
    'autoscaling.maxReplicas',
    leastPostgres(),
    { autoscaling: { enabled: true, minReplicas: 4, maxReplicas: 3 } },
    'raise',
  ],
  [
    'resources.requests.cpu',
    leastPostgres(),
    { 'autoscaling.enabled': true, 'resources.requests.cpu': null },
    'set it',
  ],
  ['secrets.JWT_SECRET', least(), { 'secrets.JWT_SECRET': undefined }, 'secrets.JWT_SECRET.name=NAME'],
  ['secrets.DATABASE_URL', leastPostgres(), { 'secrets.DATABASE_URL': undefined }, 'postgresql://'],
  ['secrets.DATABASE_URL', least(), { 'secrets.DATABASE_URL': {} }, 'mode=postgres'],
  ['secrets.EXTERNAL_API_KEY', least(), { existingSecret: '' }, 'existingSecret'],
  ['secrets.SIPD_BEARER_TOKEN', least(), { 'secrets.EXTERNAL_API_KEY': undefined }, 'secrets.EXTERNAL_API_KEY'],
  [
    'secrets.SPLP_API_KEY',
    least(),
    { 'secrets.EXTERNAL_API_KEY': undefined, settings: { SPLP_API_URL: 'https://splp.example.go.id' } },
    'secrets.EXTERNAL_API_KEY',
  ],
  [
    'secrets.SPLP_OAUTH_CLIENT_SECRET',
    least(),
    { 'config.splp.oauth.token_url': 'https://splp.example.go.id/token' },
    'name=NAME',
  ],
  ['settings.SPLP_API_URL', least(), { settings: {} }, 'settings.SIPD_API_URL'],
  ['auth.jwks.secret', least(), { 'auth.jwks': { configMap: 'a', secret: 'b' } }, 'keep one'],
  ['auth.jwks', least(), { 'settings.JWT_ISSUER': 'https://sso.example.go.id' }, 'ConfigMap or Secret'],
  ['tls.grpc.clientCa', least(), { 'tls.grpc.clientCa.secret': 'ca' }, 'tls.grpc.secretName'],
  ['tls.admin.clientCa', least(), { 'tls.admin.clientCa.secret': 'ca' }, 'tls.admin.secretName'],
  [
    'web.ingress.enabled',
    least(),
    { 'web.enabled': false, 'web.ingress.enabled': true, 'web.ingress.hosts': ['a.example'] },
    'web.enabled=true',
  ],
  ['web.ingress.hosts', least(), { 'web.ingress.enabled': true }, 'name the host'],
  ['extraEnv', least(), { extraEnv: [{ name: 'GRPC_LISTEN', value: '0.0.0.0:1' }] }, 'settings'],
  ['extraEnv', least(), { extraEnv: [{ name: 'SPLP_API_KEY', value: 'in clear' }] }, 'secrets'],
];

wrongTogether.forEach(([value, values, changes, cure], index) => {
  test(`${value} is refused with its cure (${index + 1})`, () => {
    const complaint = refusalOf(changed(values, changes));
    assert.equal(complaint.split('\n').length, 1, complaint);
    const [, said] = complaint.match(/execution error at \(\S+\): (.*)$/) ?? [];
    assert.ok(said?.startsWith(`${value}: `), complaint);
    assert.ok(said.includes(cure), complaint);
  });
});

test('nothing set at all is refused by the first thing that is missing', () => {
  assert.match(refusalOf({}), /: secrets\.JWT_SECRET: missing/);
});

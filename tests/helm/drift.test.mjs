// What is written down twice says the same twice: the server's settings, its configuration file, and the chart's values.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readlinkSync } from 'node:fs';
import { test } from 'node:test';
import { chart, configurations, filesOf, helm, parse, readText, render, root, valuesOf } from './chart.mjs';
import { defaults, describedValues, table, tableInReadme } from './values_table.mjs';

const schema = JSON.parse(readText(`${chart}/values.schema.json`));
const settingsInReadme = readText(`${root}README.md`)
  .split('<!-- settings: begin -->')[1]
  .split('<!-- settings: end -->')[0];
const rows = [...settingsInReadme.matchAll(/^\| (`[^|]*) \|/gm)].map(([, names]) =>
  [...names.matchAll(/`(\w+)`/g)].map(([, name]) => name),
);
// Those with a second name NAME_FILE are the secrets.
const secrets = rows.filter((names) => names.length === 2).map(([name]) => name);
const known = new Set(rows.flat());

// What the chart sets from values of other names.
const own = new Set([
  'GRPC_LISTEN',
  'WEB_LISTEN',
  'ADMIN_LISTEN',
  'CONTENT_DIR',
  'CONFIG_FILE',
  'JWKS_FILE',
  'ROLES_FILE',
  'TLS_CERT_FILE',
  'TLS_KEY_FILE',
  'TLS_CLIENT_CA_FILE',
  'WEB_TLS_CERT_FILE',
  'WEB_TLS_KEY_FILE',
  'ADMIN_TLS_CERT_FILE',
  'ADMIN_TLS_KEY_FILE',
  'ADMIN_TLS_CLIENT_CA_FILE',
  'SPLP_CA_BUNDLE_FILE',
  'SPLP_CLIENT_CERT_FILE',
  'SPLP_CLIENT_KEY_FILE',
  'SIPD_CA_BUNDLE_FILE',
  'SIPD_CLIENT_CERT_FILE',
  'SIPD_CLIENT_KEY_FILE',
]);

test('every setting of the server can be reached, in one place', () => {
  const places = [
    ...Object.keys(schema.properties.settings.properties),
    ...Object.keys(schema.properties.secrets.properties),
    ...own,
  ];
  assert.deepEqual(places.sort(), rows.map(([name]) => name).sort());
});

test('every secret is a secret here, and DATABASE_URL, which may hold one', () => {
  assert.deepEqual(Object.keys(schema.properties.secrets.properties).sort(), [...secrets, 'DATABASE_URL'].sort());
});

test('every variable that the chart sets is one that the server knows', () => {
  const set = new Set();
  for (const name of configurations) {
    const added = new Set((valuesOf(name).extraEnv ?? []).map((entry) => entry.name));
    for (const variable of Object.keys(render(valuesOf(name)).env)) {
      if (added.has(variable)) continue;
      assert.ok(known.has(variable), variable);
      set.add(variable.replace(/_FILE$/, ''));
    }
  }
  // And the configurations leave out next to none.
  const never = rows.map(([name]) => name).filter((name) => !set.has(name.replace(/_FILE$/, '')));
  assert.deepEqual(never.sort(), ['SIPD_SECOND_KEY', 'SPLP_OAUTH_CLIENT_ID', 'SPLP_OAUTH_TOKEN_URL', 'WEB_ROOT']);
});

// Messages of the proto file: {ServerConfig: {splp: 'DatasetRestConfig'}}.
function messages() {
  const found = {};
  let current;
  for (const line of readText(`${root}proto/satudata/integration/v1/server_config.proto`).split('\n')) {
    const message = line.match(/^message (\w+)/);
    if (message) current = found[message[1]] = {};
    const field = line.match(/^ {2}(map<[^>]*>|[\w.]+) (\w+) = \d+;/);
    if (field) current[field[2]] = field[1];
  }
  return found;
}

const followed = (node) => (node.$ref ? schema.$defs[node.$ref.split('/').pop()] : node);
// Mounted by the chart, which then sets the variables that win.
const mounted = new Set([
  'database_url',
  'content_dir',
  'ca_bundle_file',
  'client_certificate_file',
  'client_key_file',
]);

function compare(node, name, all, path) {
  const fields = Object.keys(all[name]).filter((field) => !mounted.has(field));
  const { properties, additionalProperties } = followed(node);
  assert.deepEqual(Object.keys(properties).sort(), fields.sort(), path);
  assert.equal(additionalProperties, false, path);
  for (const field of fields) {
    if (all[all[name][field]]) compare(properties[field], all[name][field], all, `${path}.${field}`);
  }
}

test('`config` takes what the configuration file takes', () =>
  compare(schema.properties.config, 'ServerConfig', messages(), 'config'));

test('`config` takes the example', () => {
  const example = parse(readText(`${root}deploy/config.example.yaml`));
  delete example.database_url;
  delete example.content_dir;
  // The example's bare keys have no value of their own.
  const release = render({ ...valuesOf('sqlite-values.yaml'), config: example });
  assert.deepEqual(parse(release.one('ConfigMap').data['config.yaml']), example);
});

// The commands of README.md's section Install, without a cluster.
test('the commands that install it do', () => {
  const [, commands] = readText(`${chart}/README.md`).match(/^## Install\n+```sh\n([^`]*)```/m);
  const offline = commands
    .replace('kubectl create namespace satudata', 'true')
    .replace(
      'create secret generic satudata-integration',
      '$& --dry-run=client --output=json >build/npm-helm/secret.json',
    )
    .replace('install integration', 'template integration');
  const layer = `${root}build/npm-helm/layer`;
  const env = { ...process.env, PATH: `${layer}/helm:${layer}/kubectl:${process.env.PATH}` };
  const run = spawnSync('sh', ['-ec', offline], { cwd: root, env, encoding: 'utf8' });
  assert.equal(run.status, 0, run.stderr);
  const secret = JSON.parse(readText(`${root}build/npm-helm/secret.json`));
  const files = filesOf(parse(run.stdout.match(/^kind: StatefulSet[^]*?(?=^---)/m)[0]).spec.template);
  const wanted = Object.values(files).filter(({ kind }) => kind === 'secret');
  assert.deepEqual(
    wanted.map(({ name, key }) => `${name} ${key}`).sort(),
    Object.keys(secret.data)
      .map((key) => `${secret.metadata.name} ${key}`)
      .sort(),
  );
});

test('every value is described', () => assert.deepEqual(describedValues().silent, []));

test('README.md has the values as they are; tests/helm/run.sh --write writes them', () =>
  assert.equal(tableInReadme(), table()));

// Paths of values that have none below them, and of those that are one value with what is below.
function undeclared(value, node, path = '') {
  const { properties } = followed(node);
  if (value === null || typeof value !== 'object' || Array.isArray(value) || !properties) return [];
  const missing = Object.keys(properties)
    .filter((key) => !(key in value))
    .map((key) => `${path}${key}`);
  return [
    ...missing,
    ...Object.keys(value).flatMap((key) => undeclared(value[key], properties[key], `${path}${key}.`)),
  ];
}

test('every value that the schema knows has a default, but for what the server has defaults for', () => {
  const found = undeclared(defaults(), schema).filter(
    (path) => !/^(global$|settings\.|config\.|secrets\.|probes\.)/.test(path),
  );
  assert.deepEqual(found, []);
});

test('the schema leaves no map open by mistake', () => {
  const open = [];
  const walk = (node, path) => {
    if (node.properties && node.additionalProperties !== false) open.push(path);
    for (const [key, below] of Object.entries(node.properties ?? {})) walk(below, `${path}.${key}`);
  };
  walk(schema, '');
  Object.entries(schema.$defs).forEach(([name, node]) => walk(node, name));
  assert.deepEqual(open, []);
});

test("the chart is of the server's version", () => {
  const { appVersion } = parse(readText(`${chart}/Chart.yaml`));
  const [, version] = readText(`${root}CMakeLists.txt`).match(/project\(\S+ VERSION (\S+)/);
  assert.equal(appVersion, version);
});

test("alerts and dashboard are links to the project's", () => {
  assert.equal(readlinkSync(`${chart}/files/alerts.yaml`), '../../../deploy/prometheus/alerts.yaml');
  assert.equal(readlinkSync(`${chart}/files/dashboard.json`), '../../../deploy/grafana/dashboard.json');
});

test('a package of the chart holds what the links lead to, and no examples', () => {
  const folder = `${root}build/npm-helm/packed`;
  const packed = helm(['package', chart, '--destination', folder]);
  assert.ok(packed.ok, packed.complaint);
  const file = packed.out.trim().split(': ').pop();
  const run = helm(['template', 'rel', file, '--values', `${chart}/ci/postgres-values.yaml`]);
  assert.ok(run.ok, run.complaint);
  assert.match(run.out, /kind: PrometheusRule/);
  assert.match(run.out, /alert: /);
});

// What the chart renders, shown to a real server: one that was built from this tree, or lies in $SATUDATA_PROGRAMS.
import assert from 'node:assert/strict';
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, watch, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, test } from 'node:test';
import { configurations, render, root, valuesOf } from './chart.mjs';

const places = [
  process.env.SATUDATA_PROGRAMS,
  ...['release', 'asan', 'dev'].map((preset) => `${root}build/${preset}/bin`),
];
const programs = places.filter(Boolean).find((place) => existsSync(join(place, 'integration-server')));
const scratch = mkdtempSync(join(tmpdir(), 'chart-'));
after(() => rmSync(scratch, { recursive: true, force: true }));

function makeCertificate() {
  const [key, certificate] = [join(scratch, 'any.key'), join(scratch, 'any.crt')];
  execFileSync(
    'openssl',
    [
      'req',
      '-x509',
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:P-256',
      '-nodes',
      '-days',
      '2',
      '-subj',
      '/CN=chart',
      '-keyout',
      key,
      '-out',
      certificate,
    ],
    { stdio: 'pipe' },
  );
  return { key: readFileSync(key), certificate: readFileSync(certificate) };
}

function keySet() {
  const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return JSON.stringify({ keys: [{ ...publicKey.export({ format: 'jwk' }), kid: 'one', alg: 'ES256', use: 'sig' }] });
}

// What a Secret or ConfigMap of that place would hold.
function contentOf(path, { kind, name, key }, release, identity) {
  const own = kind === 'configMap' && release.all('ConfigMap').find(({ metadata }) => metadata.name === name);
  if (own) return own.data[key];
  if (path === 'jwks.json') return keySet();
  if (path.endsWith('.key')) return identity.key;
  return path.startsWith('secrets/') ? 'a-secret-that-is-long-enough-for-tests\n' : identity.certificate;
}

// The pod's files, below a folder instead of /, and the variables that lead there.
function unpack(release, folder, identity) {
  for (const [path, source] of Object.entries(release.files)) {
    const file = join(folder, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, contentOf(path, source, release, identity));
  }
  mkdirSync(join(folder, 'data'));
  const moved = (value) =>
    value
      .replace(/^\/etc\/satudata\//, `${folder}/`)
      .replace(/^(sqlite:\/\/\/)?\/data\//, `$1${folder}/data/`)
      .replace(/^secret:.*/, 'postgresql://user:password@127.0.0.1:1/database');
  return Object.fromEntries(Object.entries(release.env).map(([name, value]) => [name, moved(value)]));
}

function checkConfig(name, identity) {
  const env = unpack(render(valuesOf(name)), mkdtempSync(join(scratch, 'check-')), identity);
  const run = spawnSync(join(programs, 'integration-server'), ['--check-config'], { env, encoding: 'utf8' });
  assert.equal(run.status, 0, run.stderr);
  assert.match(run.stdout, /^the settings are in order/);
}

// Resolves when the server has written its addresses; rejects when it ends before.
async function addressesOf(file, server) {
  const watcher = watch(dirname(file));
  const ended = once(server, 'exit').then(([code]) =>
    Promise.reject(new Error(`the server ended early, with ${code}`)),
  );
  ended.catch(() => {}); // It ends later, too.
  try {
    while (!existsSync(file)) await Promise.race([once(watcher, 'change'), ended]);
  } finally {
    watcher.close();
  }
  return JSON.parse(readFileSync(file, 'utf8'));
}

// The server of the least configuration, on ports of its own.
async function withServer(body) {
  const release = render(valuesOf('sqlite-values.yaml'));
  const folder = mkdtempSync(join(scratch, 'serve-'));
  const listen = {
    GRPC_LISTEN: '127.0.0.1:0',
    WEB_LISTEN: '127.0.0.1:0',
    ADMIN_LISTEN: '127.0.0.1:0',
    DRAIN_DELAY: '0s',
  };
  const file = join(folder, 'addresses.json');
  const env = { ...unpack(release, folder), ...listen, ADDRESS_FILE: file };
  const server = spawn(join(programs, 'integration-server'), [], {
    env,
    cwd: '/',
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  server.stderr.resume();
  const exit = once(server, 'exit');
  try {
    await body({ release, folder, addresses: await addressesOf(file, server) });
  } finally {
    server.kill('SIGTERM');
  }
  assert.deepEqual(await exit, [0, null]);
}

if (programs) {
  const identity = makeCertificate();
  for (const name of configurations) {
    test(`${name}: a server finds its settings in order`, () => checkConfig(name, identity));
  }

  test('a server with the least that the chart gives it is ready, and helm test passes', async () => {
    await withServer(async ({ release, folder, addresses }) => {
      for (const { httpGet } of [release.server.readinessProbe, release.server.livenessProbe]) {
        const answer = await fetch(`http://${addresses.admin}${httpGet.path}`);
        assert.equal(answer.status, 200, httpGet.path);
      }
      const { command, args } = release.testPod.spec.containers[0];
      const env = {
        PATH: `${programs}:${process.env.PATH}`,
        JWT_SECRET_FILE: `${folder}/secrets/JWT_SECRET`,
        INTEGRATION_SERVER: addresses.grpc,
      };
      const run = spawnSync(command[0], [...command.slice(1), ...args], { env, encoding: 'utf8' });
      assert.equal(run.status, 0, run.stderr);
      assert.match(run.stdout, /sipd/i);
    });
  });
} else {
  console.log('chart: no integration-server was built, so none was shown what the chart renders');
}

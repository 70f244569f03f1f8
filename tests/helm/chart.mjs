// The chart as helm renders it, for tests.
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../..', import.meta.url));
export const chart = `${root}helm/satudata-integration`;
export const packages = createRequire(`${root}build/npm-helm/package.json`);
const YAML = packages('yaml');

export const readText = (path) => readFileSync(path, 'utf8');
// As Kubernetes reads it: YAML 1.1, where `on` is a boolean and 0440 is octal.
export const parse = (text) => YAML.parse(text, { version: '1.1', merge: true });

// The configurations that the chart is tested with.
export const configurations = readdirSync(`${chart}/ci`)
  .filter((name) => name.endsWith('-values.yaml'))
  .sort();
export const valuesOf = (name) => parse(readText(`${chart}/ci/${name}`));

export function helm(args, input = '') {
  const run = spawnSync(`${root}build/npm-helm/layer/helm/helm`, args, { input, encoding: 'utf8', cwd: root });
  if (run.error) throw run.error;
  // Of links it tells each time, of itself after each complaint.
  const complaint = run.stderr.replace(/^level=INFO.*\n|^Use --debug.*\n/gm, '').trim();
  return { ok: run.status === 0, out: run.stdout, complaint };
}

const templateArgs = (args, name = 'rel') => ['template', name, chart, '--namespace', 'data', ...args];

// What stands in the way of these values; empty: nothing.
export function refusalOf(values, args = []) {
  const run = helm(templateArgs(['--values', '-', ...args]), JSON.stringify(values));
  return run.ok ? '' : run.complaint;
}

export class Release {
  constructor(manifests) {
    this.manifests = manifests;
  }

  all(kind) {
    return this.manifests.filter((manifest) => manifest.kind === kind);
  }

  // The only one of its kind, or with that end of its name; undefined: there is none.
  one(kind, suffix) {
    const found = this.all(kind).filter(({ metadata }) => suffix === undefined || metadata.name.endsWith(suffix));
    if (found.length > 1) throw new Error(`${found.length} of ${kind} ${suffix ?? ''}`);
    return found[0];
  }

  get workload() {
    return this.one('Deployment') ?? this.one('StatefulSet');
  }
  get pod() {
    return this.workload.spec.template;
  }
  get server() {
    return this.pod.spec.containers[0];
  }
  get testPod() {
    return this.one('Pod');
  }

  // The server's variables by name; what comes from a Secret is `secret:NAME/KEY`.
  get env() {
    return Object.fromEntries(
      this.server.env.map(({ name, value, valueFrom }) => [
        name,
        value ?? `secret:${valueFrom.secretKeyRef.name}/${valueFrom.secretKeyRef.key}`,
      ]),
    );
  }

  // Where each file below /etc/satudata comes from: {'config.yaml': {kind, name, key}}.
  get files() {
    return filesOf(this.pod);
  }
}

export function filesOf(pod) {
  const files = {};
  for (const source of pod.spec.volumes.find(({ name }) => name === 'files').projected.sources) {
    const [kind, { name, items }] = Object.entries(source)[0];
    for (const { key, path } of items) files[path] = { kind, name, key };
  }
  return files;
}

// What `values` are rendered to. Throws when they are refused.
export function render(values, args = [], name = 'rel') {
  const run = helm(templateArgs(['--values', '-', ...args], name), JSON.stringify(values));
  if (!run.ok) throw new Error(run.complaint);
  const documents = YAML.parseAllDocuments(run.out, { version: '1.1', uniqueKeys: true });
  for (const document of documents) {
    if (document.errors.length > 0) throw document.errors[0];
  }
  return new Release(documents.map((document) => document.toJS()).filter((manifest) => manifest !== null));
}

// What every release needs; tests change what they are about.
export const least = () => ({
  existingSecret: 'keys',
  secrets: { JWT_SECRET: {}, EXTERNAL_API_KEY: {} },
  settings: { SIPD_API_URL: 'https://sipd.example.go.id' },
});
export const leastPostgres = () => {
  const values = least();
  return { ...values, mode: 'postgres', secrets: { ...values.secrets, DATABASE_URL: {} } };
};

// Kubernetes' own schemas, offline. They let unknown fields pass, as a server by default does; here those are found by
// watching which fields the validators ask for.
import { packages } from './chart.mjs';

const places = {
  v1: 'kubernetes-models/v1',
  'apps/v1': 'kubernetes-models/apps/v1',
  'autoscaling/v2': 'kubernetes-models/autoscaling/v2',
  'networking.k8s.io/v1': 'kubernetes-models/networking.k8s.io/v1',
  'policy/v1': 'kubernetes-models/policy/v1',
  'monitoring.coreos.com/v1': '@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1',
};

function watch(value, path, nodes) {
  if (value === null || typeof value !== 'object') return value;
  const node = { value, path, asked: new Set(), listed: false, below: new Map() };
  nodes.push(node);
  return new Proxy(value, {
    get(target, key) {
      node.asked.add(key);
      if (!Object.hasOwn(target, key)) return target[key];
      if (!node.below.has(key)) node.below.set(key, watch(target[key], `${path}/${String(key)}`, nodes));
      return node.below.get(key);
    },
    ownKeys(target) {
      node.listed = true;
      return Reflect.ownKeys(target);
    },
  });
}

// Objects of which nothing was asked have no fields that the schema names.
const unknownFields = ({ value, path, asked, listed }) =>
  Array.isArray(value) || listed || asked.size === 0
    ? []
    : Object.keys(value)
        .filter((key) => !asked.has(key))
        .map((key) => `${path}/${key}: not a field of Kubernetes`);

// What is wrong with a manifest, line by line.
export function problemsOf(manifest) {
  const place = places[manifest.apiVersion];
  const Model = place && packages(place)[manifest.kind];
  if (!Model) return [`${manifest.apiVersion} ${manifest.kind}: not known`];
  const nodes = [];
  try {
    watch(new Model(manifest), '', nodes).validate();
  } catch (error) {
    return [error.message];
  }
  return nodes.flatMap(unknownFields);
}

// Writes src/gen/reasons.ts: whose turn a reason is and whether the same may succeed later. A refused call carries the
// reason alone; the rest is in the table of the README, which is itself made from the server's code.
import { readFile, writeFile } from 'node:fs/promises';

const readme = new URL('../../../README.md', import.meta.url);
const made = new URL('../src/gen/reasons.ts', import.meta.url);
const owners = {
  '—': 'UNSPECIFIED',
  producer: 'PRODUCER',
  'data steward': 'DATA_STEWARD',
  operator: 'OPERATOR',
  'the target': 'TARGET',
};

function lineOf([, reason, owner, again]) {
  const name = owners[owner];
  if (name === undefined) throw new Error(`README.md: ${reason} is the turn of an unknown "${owner}"`);
  return `  ${reason}: { owner: Failure_Owner.${name}, retryable: ${again === 'yes'} },`;
}

const table = (await readFile(readme, 'utf8')).split('<!-- reasons: begin -->')[1].split('<!-- reasons: end -->')[0];
const lines = [...table.matchAll(/^\| `([A-Z_]+)` \| ([^|]+) \| (yes)? ?\|/gm)].map(lineOf);
if (lines.length < 50)
  throw new Error(`README.md: the table of reasons has only ${lines.length} lines that are understood`);

const text = `// Made by scripts/make_reasons.mjs.
import { Failure_Owner } from './satudata/integration/v1/resources_pb.js';

export const REASONS = {
${lines.join('\n')}
} as const;
`;
await writeFile(made, text);

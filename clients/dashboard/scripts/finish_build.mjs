// Puts .br and .gz beside what is worth it, and holds what a browser fetches for the first view under its limit.
//
//   node scripts/finish_build.mjs DIR
import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

const FIRST_LOAD_LIMIT = 300_000;
const COMPRESSED = /\.(js|css|html|svg|json)$/;

const folder = process.argv[2];
if (!folder) {
  console.error('usage: node scripts/finish_build.mjs DIR');
  process.exit(2);
}

// What depends on what; the browser needs none of it.
const manifest = JSON.parse(readFileSync(join(folder, '.vite/manifest.json'), 'utf8'));
rmSync(join(folder, '.vite'), { recursive: true });

const files = readdirSync(folder, { recursive: true })
  .map((name) => join(folder, name.toString()))
  .filter((path) => statSync(path).isFile() && COMPRESSED.test(path));

const sizes = new Map();
for (const path of files) {
  const content = readFileSync(path);
  const br = brotliCompressSync(content, {
    params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: content.length },
  });
  const gz = gzipSync(content, { level: 9 });
  if (br.length < content.length) writeFileSync(`${path}.br`, br);
  if (gz.length < content.length) writeFileSync(`${path}.gz`, gz);
  const least = (packed) => Math.min(packed.length, content.length);
  sizes.set(`/${relative(folder, path)}`, { gz: least(gz), br: least(br) });
}

/** The module and all that it cannot begin without. */
function neededBy(name, found = new Set()) {
  if (found.has(name)) return found;
  found.add(name);
  for (const other of manifest[name].imports ?? []) neededBy(other, found);
  return found;
}

const pathsOf = (name) => [manifest[name].file, ...(manifest[name].css ?? [])].map((path) => `/${path}`);
const pathsOfAll = (names, first = []) => [...new Set([...first, ...[...names].flatMap(pathsOf)])];
const total = (paths, packing) => paths.reduce((sum, path) => sum + sizes.get(path)[packing], 0);

// The page itself and what it names: the theme's script, the icon, the entry and what that begins with.
const page = readFileSync(join(folder, 'index.html'), 'utf8');
const named = ['/index.html', ...[...page.matchAll(/(?:src|href)="(\/[^"]+)"/g)].map(([, path]) => path)];

const kB = (bytes) => `${(bytes / 1000).toFixed(1)} kB`;

// What comes next is the view that the address names, which may be any, or the sign-in: all that the entry loads late.
const entry = [...neededBy('index.html')];
const loadedLate = (names) => [...new Set(names.flatMap((name) => manifest[name].dynamicImports ?? []))];
const views = loadedLate(entry);
const loads = views.map((view) => {
  const own = [...neededBy(view)];
  const paths = pathsOfAll([...entry, ...own], named);
  // What this view alone loads late: a chart.
  const late = loadedLate(own).filter((name) => !views.includes(name));
  const more = pathsOfAll(late.flatMap((name) => [...neededBy(name)])).filter((path) => !paths.includes(path));
  return {
    view: manifest[view].name,
    paths,
    gz: total(paths, 'gz'),
    br: total(paths, 'br'),
    later:
      late.length > 0 ? `, later ${kB(total(more, 'gz'))} (${late.map((name) => manifest[name].name).join(', ')})` : '',
  };
});
loads.sort((a, b) => b.gz - a.gz);

for (const { view, gz, br, later } of loads) {
  console.log(`first load of ${view}: ${kB(gz)} with gzip, ${kB(br)} with brotli${later}`);
}
const [largest] = loads;
if (largest.gz > FIRST_LOAD_LIMIT) {
  console.error(`${largest.view} is over the limit of ${kB(FIRST_LOAD_LIMIT)} with gzip:`);
  for (const path of largest.paths) console.error(`  ${path}: ${sizes.get(path).gz}`);
  process.exit(1);
}

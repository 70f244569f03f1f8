// Puts .br and .gz beside what is worth it, and holds the first load under its limit.
//
//   node scripts/finish_build.mjs DIR
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

const FIRST_LOAD_LIMIT = 300_000;
const COMPRESSED = /\.(js|css|html|svg|json)$/;

const folder = process.argv[2];
if (!folder) {
  console.error('usage: node scripts/finish_build.mjs DIR');
  process.exit(2);
}

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
  sizes.set(`/${relative(folder, path)}`, Math.min(gz.length, content.length));
}

// What index.html names is fetched before anything can be seen: scripts, preloaded modules, style sheets, the icon.
const page = readFileSync(join(folder, 'index.html'), 'utf8');
const firstLoad = ['/index.html', ...[...page.matchAll(/(?:src|href)="(\/[^"]+)"/g)].map(([, path]) => path)];
const total = firstLoad.reduce((sum, path) => sum + (sizes.get(path) ?? 0), 0);
console.log(`first load: ${(total / 1000).toFixed(1)} kB compressed with gzip (limit ${FIRST_LOAD_LIMIT / 1000} kB)`);
if (total > FIRST_LOAD_LIMIT) {
  for (const path of firstLoad) console.error(`  ${path}: ${sizes.get(path) ?? '?'}`);
  process.exit(1);
}

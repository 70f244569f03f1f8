import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const source = join(__dirname);
const stylesOf = (component: string) => join(source, '../node_modules/@mantine/core/styles', `${component}.css`);

function componentsIn(file: string): string[] {
  const text = readFileSync(join(source, file), 'utf8');
  const imports = [...text.matchAll(/import (?:type )?\{([^}]*)\} from '@mantine\/core'/g)];
  return imports.flatMap(([, names = '']) => names.split(',').map((name) => name.replace(/^\s*type\s+/, '').trim()));
}

test('every Mantine component that is used has its styles', () => {
  const files = readdirSync(source, { recursive: true })
    .map(String)
    .filter((file) => file.endsWith('.tsx'));
  const used = new Set(files.flatMap(componentsIn).filter((component) => existsSync(stylesOf(component))));
  const loaded = readFileSync(join(source, 'styles.ts'), 'utf8');
  expect(used.size).toBeGreaterThan(20);
  expect([...used].filter((component) => !loaded.includes(`/${component}.css'`))).toEqual([]);
});

test('the styles are in the order in which Mantine has them: an anchor is a text with more, and must come after it', () => {
  const all = readFileSync(join(source, '../node_modules/@mantine/core/styles.css'), 'utf8');
  const names = [...readFileSync(join(source, 'styles.ts'), 'utf8').matchAll(/core\/styles\/([A-Z]\w+)\.css/g)];
  const places = names.map(([, name = '']) => {
    const [first = ''] = /\.m_[0-9a-f]+/.exec(readFileSync(stylesOf(name), 'utf8')) ?? [];
    return all.search(new RegExp(`\\${first}\\b`));
  });
  expect(places).not.toContain(-1);
  expect(places).toEqual([...places].sort((a, b) => a - b));
});

import { describe, expect, it } from 'vitest';

import { en } from './en';
import { id } from './id';
import type { TextTree } from './texts';

function leaves(tree: TextTree, path = ''): [string, string][] {
  return Object.entries(tree).flatMap(([name, value]): [string, string][] =>
    typeof value === 'string' ? [[path + name, value]] : leaves(value, `${path}${name}.`),
  );
}

const placeholders = (text: string) => [...text.matchAll(/{{\s*(\w+)/g)].map((match) => match[1]).sort();
const byName = (tree: TextTree) => new Map(leaves(tree));

describe('texts', () => {
  it('have the same names in both languages, but for the singular that Indonesian lacks', () => {
    const expected = [...byName(id).keys()].flatMap((name) =>
      name.endsWith('_other') ? [name, name.replace(/_other$/, '_one')] : [name],
    );
    expect([...byName(en).keys()].sort()).toEqual(expected.sort());
  });

  it('ask for the same variables in both languages', () => {
    for (const [name, text] of byName(id)) {
      expect(placeholders(byName(en).get(name) ?? ''), name).toEqual(placeholders(text));
    }
  });

  it('are never empty', () => {
    for (const [name, text] of [...leaves(id), ...leaves(en)]) expect(text.trim(), name).not.toBe('');
  });
});

import { describe, expect, it } from 'vitest';

import { Run_Kind, Run_State } from '../gen/satudata/integration/v1/resources_pb';
import { enumFromSlug, enumSlug } from './enumSlug';

describe('enum values in addresses', () => {
  it('come back as they went', () => {
    for (const kind of [Run_Kind.SYNC_FILE, Run_Kind.SYNC_ALL, Run_Kind.RETRY, Run_Kind.PREVIEW]) {
      expect(enumFromSlug(Run_Kind, enumSlug(Run_Kind, kind))).toBe(kind);
    }
  });

  it('are nothing where the address says nonsense', () => {
    for (const slug of [null, '', '1', 'unspecified', 'RUNNING', 'constructor', '__proto__', 'x'.repeat(9_999)]) {
      expect(enumFromSlug(Run_State, slug)).toBeUndefined();
    }
  });

  it('are nothing for UNSPECIFIED and for values of a newer server', () => {
    expect(enumSlug(Run_State, Run_State.UNSPECIFIED)).toBe('');
    expect(enumSlug(Run_State, 99)).toBe('');
  });
});

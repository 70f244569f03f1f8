import { renderHook } from '@testing-library/react';
import { expect, it } from 'vitest';

import { usePlaceWords } from './usePlaceWords';

it('the place of a value is a cell of a sheet, or a line and a column', () => {
  const { result } = renderHook(() => usePlaceWords());
  const words = result.current;
  expect(words({ line: 12n, column: '2024', sheet: 'Data', cell: 'C12' })).toBe('lembar Data, sel C12');
  expect(words({ line: 1_200n, column: '2024', sheet: '', cell: '' })).toBe('baris 1.200, kolom 2024');
  expect(words({ line: 12n, column: '' })).toBe('baris 12');
  expect(words({ line: 0n, column: '' })).toBe('isian portal');
});

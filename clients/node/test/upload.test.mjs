import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { test } from 'node:test';

import { measure, pieces } from '../dist/upload.js';

/** @param {import('../dist/index.js').Source} source */
async function sizes(source) {
  const found = [];
  for await (const piece of pieces(source)) found.push(piece.byteLength);
  return found;
}

test('bytes are cut to what a message may hold', async () => {
  assert.deepEqual(await sizes(new Uint8Array(1_200_000)), [524_288, 524_288, 151_424]);
  assert.deepEqual(await sizes(Readable.from([Buffer.alloc(3), Buffer.alloc(600_000)])), [3, 524_288, 75_712]);
  assert.deepEqual(await sizes(['dua ', 'kata']), [4, 4]);
});

test('bytes that are at hand are measured', () => {
  const { sha256, sizeBytes } = measure(Buffer.from('abc'));
  assert.equal(sha256, 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
  assert.equal(sizeBytes, 3n);
  assert.deepEqual(measure(Readable.from([])), {});
});

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Failure_Owner, SatuDataError } from '../dist/index.js';

test('a reason tells whose turn it is', () => {
  const error = new SatuDataError({ code: 'FAILED_PRECONDITION', reason: 'FILE_NOT_VERIFIED', message: 'A. B.' });
  assert.equal(error.owner, Failure_Owner.DATA_STEWARD);
  assert.equal(error.retryable, false);
});

test('a reason that this client does not know is judged by the code', () => {
  const error = new SatuDataError({ code: 'UNAVAILABLE', reason: 'NEW_REASON', message: '' });
  assert.equal(error.retryable, true);
});

test('the cure is what follows the first sentence', () => {
  const message = 'File data 2. akhir is not in the catalogue. Check the id. Or import it.';
  const error = new SatuDataError({ code: 'NOT_FOUND', message, arguments: { file_id: 'data 2. akhir' } });
  assert.equal(error.cure, 'Check the id. Or import it.');
  assert.equal(new SatuDataError({ code: 'UNKNOWN', message: 'no more' }).cure, '');
});

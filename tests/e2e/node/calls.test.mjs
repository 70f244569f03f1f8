// Single calls as a back end makes them: reads, refusals with their reasons, uploads, and who is calling.
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { PassThrough, Readable } from 'node:stream'
import { after, before, test } from 'node:test'

import { CatalogFile_Verification, Failure_Owner, SatuDataError, Service, exportedFile, fileId } from './service.mjs'

const verified = fileId(1)
const unverified = fileId(2)
let service
let client

before(async () => {
  // Uploads are kept there: not in the sample's.
  service = await Service.start({ settings: { CONTENT_DIR: 'content' } })
  client = service.client
  await service.stack.importLines([
    exportedFile(verified, 'Jumlah Sekolah Dasar'),
    exportedFile(unverified, 'Rencana Kerja', { StatusVerifikasi: 'Belum Verifikasi' }),
  ])
})

after(async () => service?.stop())

/** What a call is refused with. */
async function refusal(call) {
  const error = await call.then(() => assert.fail('it was not refused'), (thrown) => thrown)
  assert.ok(error instanceof SatuDataError, String(error))
  return error
}

test('files and targets are read', async () => {
  const { files, totalCount } = await client.listFiles({ text: 'sekolah' })
  assert.deepEqual(files.map(({ fileId: id }) => id), [verified])
  assert.equal(totalCount, 1n)
  assert.equal((await client.getFile({ fileId: verified })).name, 'Jumlah Sekolah Dasar')
  const { targets } = await client.listTargets({})
  assert.deepEqual(targets.map(({ target }) => target), ['sipd', 'splp'])
  assert.equal((await client.checkTarget({ target: 'splp' })).healthy, true)
})

test('an unverified file is refused with reason, cure and whose turn it is, in the language of the call', async () => {
  const english = await refusal(client.syncFile({ fileId: unverified }).result())
  assert.equal(english.code, 'FAILED_PRECONDITION')
  assert.equal(english.reason, 'FILE_NOT_VERIFIED')
  assert.equal(english.owner, Failure_Owner.DATA_STEWARD)
  assert.equal(english.retryable, false)
  assert.equal(english.arguments.file_id, unverified)
  assert.match(english.message, /must not be sent yet/)
  assert.equal(english.cure, 'The data steward should check and verify it first.')
  const indonesian = await refusal(client.syncFile({ fileId: unverified }, { language: 'id' }).result())
  assert.match(indonesian.message, /belum boleh dikirim/)
})

test('a bad field is named', async () => {
  const error = await refusal(client.syncFile({}).started())
  assert.equal(error.reason, 'FIELD_REQUIRED')
  assert.deepEqual(error.fieldViolations.map(({ field }) => field), ['file_id'])
})

test('a call is made for the person whose token it carries', async () => {
  const token = await service.token('Viewer')
  assert.equal((await client.getFile({ fileId: verified }, { token })).fileId, verified)
  const error = await refusal(client.syncFile({ fileId: verified }, { token }).result())
  assert.equal(error.code, 'PERMISSION_DENIED')
  assert.equal(error.reason, 'PERMISSION_DENIED')
})

test('the token provider is asked before each call', async () => {
  const tokens = [service.tokens.Operator, 'not a token']
  const other = service.connect({ token: undefined, tokenProvider: async () => tokens.shift() })
  await other.getFile({ fileId: verified })
  assert.equal((await refusal(other.getFile({ fileId: verified }))).reason, 'TOKEN_INVALID')
  other.close()
})

test('a file is made, changed, verified and removed', async () => {
  const file = { fileId: 'baru', name: 'Dataset baru', theme: 'Pendidikan' }
  assert.equal((await client.upsertFile({ file })).verification, CatalogFile_Verification.UNVERIFIED)
  const verification = CatalogFile_Verification.VERIFIED
  const token = await service.token('Validator')
  const set = await client.setVerification({ fileId: 'baru', verification }, { token })
  assert.equal(set.verification, verification)
  const stale = client.setVerification({ fileId: 'baru', verification, revision: set.revision - 1n }, { token })
  assert.equal((await refusal(stale)).reason, 'REVISION_CHANGED')
  await client.deleteFile({ fileId: 'baru' })
  assert.equal((await refusal(client.getFile({ fileId: 'baru' }))).reason, 'FILE_NOT_FOUND')
})

test('an export is imported from a stream; lines that cannot be used are named', async () => {
  const good = JSON.stringify(exportedFile(fileId(3), 'Jumlah Guru'))
  const done = await client.importFiles(Readable.from([good.slice(0, 50), `${good.slice(50)}\n`, '{"name": 1}\n']))
  assert.equal(done.createdCount, 1n)
  assert.deepEqual(done.refusedLines.map(({ line, failure }) => [line, failure.reason]), [[2n, 'ID_MISSING']])
})

test('content is uploaded, as bytes or as a stream', async () => {
  const rows = Array.from({ length: 60_000 }, (_, at) => `1.01.${String(at).padStart(6, '0')},2024,${at}\n`)
  const content = Buffer.from(`kodeindikator,tahun,nilai\n${rows.join('')}`)
  const sha256 = createHash('sha256').update(content).digest('hex')
  const head = { fileId: verified, fileName: 'data.csv' }
  const { file, ...stored } = await client.uploadContent(head, content)
  assert.equal(file.fileId, verified)
  assert.equal(stored.sha256, sha256)
  const pieces = Readable.from([content.subarray(0, 10), content.subarray(10)])
  const again = await client.uploadContent({ ...head, sizeBytes: BigInt(content.byteLength) }, pieces)
  assert.equal(again.sha256, sha256)
  const { indicatorValues } = await client.listIndicatorValues({ fileId: verified, pageSize: 1 })
  assert.equal(indicatorValues[0].tahun, '2024')
})

test('content that arrives spoiled is not stored', async () => {
  const head = { fileId: verified, sha256: '0'.repeat(64) }
  assert.equal((await refusal(client.uploadContent(head, Buffer.from('abc')))).reason, 'CONTENT_NOT_AS_STATED')
})

test('an upload that is refused does not wait for the rest of its source', async () => {
  const source = new PassThrough()
  source.write('the beginning')
  const error = await refusal(client.uploadContent({ fileId: 'tidak-ada', sizeBytes: 100n }, source))
  assert.equal(error.reason, 'FILE_NOT_FOUND')
})

test('a request whose upload is refused can still be answered', async () => {
  const portal = createServer((request, response) => {
    const sizeBytes = BigInt(request.headers['content-length'])
    client.uploadContent({ fileId: 'tidak-ada', sizeBytes }, request).catch(({ reason }) => {
      response.writeHead(404, { connection: 'close' }).end(reason)
    })
  })
  await once(portal.listen(0, '127.0.0.1'), 'listening')
  const body = Buffer.alloc(8 << 20)
  const answer = await fetch(`http://127.0.0.1:${portal.address().port}`, { method: 'POST', body })
  assert.equal(await answer.text(), 'FILE_NOT_FOUND')
  portal.close()
})

test('an upload whose source fails ends with what it failed with, and stores nothing', async () => {
  const before = await client.getFile({ fileId: verified })
  const source = Readable.from(
    (async function* () {
      yield 'kodeindikator,'
      throw new Error('the disk is gone')
    })(),
  )
  await assert.rejects(client.uploadContent({ fileId: verified, sizeBytes: 100n }, source), /the disk is gone/)
  assert.equal((await client.getFile({ fileId: verified })).revision, before.revision)
})

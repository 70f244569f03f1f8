// Runs as events: what they tell is held against what the simulated targets hold.
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { createReadStream } from 'node:fs'
import { after, before, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

import { Delivery_State, Run_State, Service, fileId, sampleState, until } from './service.mjs'

const sample = new URL('../../../deploy/demo/sample/', import.meta.url)
let service
let client

before(async () => {
  service = await Service.start({ simulator: ['--state', sampleState] })
  client = service.client
  await client.importFiles(createReadStream(new URL('catalog.jsonl', sample)))
})

after(async () => service?.stop())

test('one file is followed from the first event to the last', async () => {
  const file = '60e3b94e9f3ac417e25b0b1e'
  const told = []
  for await (const { event } of client.syncFile({ fileId: file, targets: ['splp'] })) told.push(event)
  const states = told.flatMap(({ case: what, value }) => (what === 'delivery' ? [Delivery_State[value.state]] : []))
  assert.deepEqual(states, ['QUEUED', 'SENDING', 'CONFIRMED'])
  assert.equal(told.at(0).case, 'snapshot')
  assert.equal(told.at(-1).case, 'snapshot')
  assert.equal(told.at(-1).value.state, Run_State.SUCCEEDED)
  assert.ok((await service.heldAtSplp()).includes(file))
  const { statuses } = await client.getFileStatus({ fileId: file })
  assert.equal(statuses.find(({ target }) => target === 'splp').state, Delivery_State.CONFIRMED)
})

test('all files of the sample come to what they must come to', async () => {
  const run = client.syncAll({})
  const confirmed = new Set()
  const skipped = new Set()
  for await (const { event } of run) {
    if (event.case === 'fileSkipped') skipped.add(event.value.fileId)
    if (event.case !== 'delivery' || event.value.state !== Delivery_State.CONFIRMED) continue
    if (event.value.target === 'splp') confirmed.add(event.value.fileId)
  }
  const { state, succeeded, counts, run: ended } = await run.result()
  assert.equal(state, 'PARTIAL')
  assert.equal(succeeded, false)
  assert.deepEqual(counts.sipd, { CONFIRMED: 91, UNCHANGED: 4, SKIPPED: 244, REJECTED: 5, PARTIAL: 37 })
  assert.deepEqual(counts.splp, { CONFIRMED: 371, UNCHANGED: 1, REJECTED: 9 })
  assert.equal(skipped.size, 81)
  assert.equal(ended.skippedFileCount, 81n)
  const held = new Set(await service.heldAtSplp())
  assert.equal(confirmed.size, counts.splp.CONFIRMED)
  assert.ok([...confirmed].every((id) => held.has(id)), 'a claim that the target does not hold')
  await assertHeldAtSipd(run.runId)
})

/** The values that the run says were confirmed are those that the target took, and as they were sent. */
async function assertHeldAtSipd(runId) {
  const { sipd } = await service.stack.truth()
  const states = [Delivery_State.CONFIRMED, Delivery_State.PARTIAL]
  const { deliveries } = await client.listDeliveries({ runId, target: 'sipd', states, pageSize: 1000 })
  const details = await Promise.all(deliveries.map(({ deliveryId }) => client.getDelivery({ deliveryId })))
  const records = details.flatMap((detail) => detail.records)
  const confirmed = records.filter(({ state }) => state === Delivery_State.CONFIRMED)
  for (const { key, value } of confirmed) assert.equal(Number(sipd[key].value), Number(value), key)
  const applied = Object.keys(sipd).filter((key) => sipd[key].applies > 0)
  assert.deepEqual([...new Set(confirmed.map(({ key }) => key))].sort(), applied.sort())
}

test('the example says what the targets hold and whose turn it is', async () => {
  const example = fileURLToPath(new URL('../../../clients/node/examples/sync.mjs', import.meta.url))
  const env = { PATH: process.env.PATH, SERVER: service.stack.grpcAddress, TOKEN: service.tokens.Operator }
  const { stdout } = await promisify(execFile)(process.execPath, [example, '60e3b94e9f3ac417e25b0b1e'], { env })
  assert.match(stdout, /^splp UNCHANGED$/m)
  assert.match(stdout, /^run \S+: PARTIAL$/m)
  assert.match(stdout, /^ +372 {2}UNCHANGED at splp$/m)
  assert.match(stdout, /^PRODUCER has 9 files to look at for splp: METADATA_MISSING$/m)
})

test('strict makes an error of a run that did not succeed', async () => {
  const fileIds = await rejectedFiles()
  await assert.rejects(client.syncAll({ fileIds, targets: ['splp'], strict: true }).result(), {
    code: 'ABORTED',
    reason: 'RUN_NOT_SUCCEEDED',
  })
})

async function rejectedFiles() {
  const { files } = await client.listFiles({ target: 'splp', state: Delivery_State.REJECTED })
  return files.map((file) => file.fileId)
}

test('a run that was started is found again by its id, while it goes on and when it has ended', async () => {
  const [fileId] = await rejectedFiles()
  const { runId } = await client.syncFile({ fileId, targets: ['splp'] }).started()
  assert.equal((await client.watchRun({ runId }).result()).state, 'FAILED')
  const again = await client.watchRun({ runId }).result()
  assert.deepEqual(again.counts, { splp: { REJECTED: 1 } })
  const ahead = client.watchRun({ runId, afterSequence: 10_000n })
  await assert.rejects(ahead.result(), { code: 'OUT_OF_RANGE', reason: 'SEQUENCE_OUT_OF_RANGE' })
  const { runs } = await client.listRuns({ pageSize: 1 })
  assert.equal(runs[0].runId, runId)
})

test('an abort ends the watching, and the run goes on; cancelRun ends it', async () => {
  await service.importFiles(200)
  await service.allowPerSecond(20)
  const fileIds = Array.from({ length: 200 }, (_, at) => fileId(at))
  const stop = new AbortController()
  const run = client.syncAll({ fileIds, targets: ['splp'] }, { signal: stop.signal })
  const watching = (async () => {
    for await (const { event } of run) if (event.case === 'delivery') stop.abort(new Error('enough'))
  })()
  await assert.rejects(watching, /enough/)
  assert.equal((await client.getRun({ runId: run.runId })).state, Run_State.RUNNING)
  await until('the run to go on', async () => (await heldOf(fileIds)) > 10)
  await client.cancelRun({ runId: run.runId })
  const { state, counts } = await client.watchRun({ runId: run.runId }).result()
  assert.equal(state, 'CANCELLED')
  assert.ok(counts.splp.CANCELLED > 0)
  await service.allowPerSecond(0)
})

async function heldOf(fileIds) {
  return (await service.heldAtSplp()).filter((id) => fileIds.includes(id)).length
}

// What a client sees of a server that is killed, restarted or stuck in the middle of its work.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'

import { CatalogFile_Verification, Delivery_State, Service, fileId } from './service.mjs'

const files = 300
let service
let client

before(async () => {
  service = await Service.start()
  client = service.client
  await service.importFiles(files)
})

after(async () => service?.stop())

test('a read is repeated while the server restarts; what changes something is not', async () => {
  await client.getFile({ fileId: fileId(1) })
  await service.stack.server.stop()
  const verification = CatalogFile_Verification.VERIFIED
  await assert.rejects(client.setVerification({ fileId: fileId(1), verification }), {
    code: 'UNAVAILABLE',
    reason: '',
    retryable: true,
    message: `The integration service at ${service.stack.grpcAddress} is not reachable. Check that it runs and that the address is right.`,
  })
  const reading = client.getFile({ fileId: fileId(1) })
  await service.stack.startServer()
  assert.equal((await reading).fileId, fileId(1))
})

test('a run that is started while the server is away begins when it is back, once', async () => {
  await service.stack.server.stop()
  const started = client.syncFile({ fileId: fileId(0), targets: ['splp'] }).result()
  await service.stack.startServer()
  assert.deepEqual((await started).counts, { splp: { CONFIRMED: 1 } })
  assert.equal((await client.listRuns({})).runs.length, 1)
})

test('the server is killed twice in the middle of a run: each event comes once, and the counts are the truth', async () => {
  await service.allowPerSecond(150)
  const run = client.syncAll({ targets: ['splp'] })
  const told = []
  const kills = [50, 150]
  for await (const { event, sequence } of run) {
    if (event.case === 'progress') continue
    told.push({ what: event.case, sequence, ...(event.case === 'delivery' && event.value) })
    const confirmed = told.filter(({ state }) => state === Delivery_State.CONFIRMED).length
    if (confirmed >= kills[0]) {
      kills.shift()
      await service.stack.server.stop('SIGKILL')
      await service.stack.startServer()
    }
  }
  assert.deepEqual(kills, [])
  assertToldOnce(told)
  const { state, counts } = await run.result()
  assert.equal(state, 'SUCCEEDED')
  assert.deepEqual(counts, { splp: { CONFIRMED: files - 1, UNCHANGED: 1 } })
  assert.equal((await service.heldAtSplp()).length, files)
  assertOneEffect(await service.stack.truth())
})

/** Snapshots at both ends only, sequences that rise, and every delivery's end told exactly once. */
function assertToldOnce(told) {
  const changes = told.slice(1, -1)
  assert.deepEqual([told.at(0).what, told.at(-1).what], ['snapshot', 'snapshot'])
  assert.ok(changes.every(({ what }) => what !== 'snapshot'))
  for (const [at, { sequence }] of changes.entries()) assert.ok(at === 0 || sequence > changes[at - 1].sequence)
  const ends = changes.filter(({ state }) => state === Delivery_State.CONFIRMED).map((change) => change.fileId)
  assert.equal(ends.length, files - 1)
  assert.equal(new Set(ends).size, files - 1)
}

function assertOneEffect({ splp }) {
  for (const [id, record] of Object.entries(splp)) assert.equal(record.needless_second_effects, 0, id)
}

test('a server that does not answer ends a call by its deadline, and a start by that of its kind', async () => {
  const hurried = service.connect({ language: 'id', deadlines: { write: 300 } })
  await hurried.getFile({ fileId: fileId(1) })
  service.stack.server.process.kill('SIGSTOP')
  try {
    await assert.rejects(hurried.getFile({ fileId: fileId(1) }, { deadlineMs: 100 }), {
      code: 'DEADLINE_EXCEEDED',
      message: /tidak menjawab dalam batas waktu/,
    })
    await assert.rejects(hurried.syncFile({ fileId: fileId(1) }).started(), { code: 'DEADLINE_EXCEEDED' })
  } finally {
    service.stack.server.process.kill('SIGCONT')
    hurried.close()
  }
})

test('a stream of a server that is stuck is given up for another, from where it was', async () => {
  await service.allowPerSecond(100)
  const watcher = service.connect({ deadlines: { silence: 100 } })
  const run = watcher.syncAll({ targets: ['splp'], force: true, allowMassChange: true })
  const sequences = []
  let pause
  for await (const { event, sequence } of run) {
    if (event.case !== 'delivery') continue
    sequences.push(sequence)
    if (sequences.length === 20) pause = stickForAWhile()
  }
  await pause
  assert.equal(new Set(sequences).size, sequences.length)
  assert.equal((await run.result()).state, 'SUCCEEDED')
  watcher.close()
})

/** For three times as long as the watcher puts up with. */
async function stickForAWhile() {
  service.stack.server.process.kill('SIGSTOP')
  await assert.rejects(client.getFile({ fileId: fileId(1) }, { deadlineMs: 300 }), { code: 'DEADLINE_EXCEEDED' })
  service.stack.server.process.kill('SIGCONT')
}

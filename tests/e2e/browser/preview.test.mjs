// What a preview promises is what the run then does: asked for in the page, held against what the simulated targets
// were sent and hold, value by value.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'

import { expectAccessible, expectQuiet, openBrowser, openPage, phone, picture, refusedRequests, signIn } from './browser.mjs'
import { Stack, exportedFile, jsonLines, sampleState, until } from './stack.mjs'

const password = 'sandi-yang-panjang'
const mixed = '66f000000000000000000001'
const mixedName = 'Jumlah Satuan Pendidikan dari Segala Jenis'
const first = '66f000000000000000000002'
const region = '9901'
const year = '2018'
const key = (code, tahun = year) => `${region}.${code}.${tahun}`
const created = key('1.01.000002')
const changed = key('1.01.000003')
const same = key('1.01.000004')
const final = key('1.01.000005')
const misdated = key('1.01.000002', '20x4')
let stack
let browser

const value = (kodeindikator, nilai, tahun = year) => ({ kodeindikator, tahun, nilai })
const held = (kodeindikator, data, marks = {}) => ({ kodepemda: region, kodeindikator, tahun: year, data, ...marks })

before(async () => {
  stack = await Stack.start({ simulator: ['--state', sampleState, '--request-log', '10000'] })
  await stack.addUser('siti', 'Operator', password)
  const marks = { final: true, walidata: true, pembina: true }
  await stack.post('/admin/values', {
    values: [held('1.01.000003', '1200'), held('1.01.000004', '9'), held('1.01.000005', '70', marks)],
  })
  await stack.importSample()
  await stack.importLines([
    exportedFile(mixed, mixedName, {
      indicatorValues: [
        value('1.01.000002', '7'),
        value('1.01.000003', '1.234,5'),
        value('1.01.000004', '9'),
        value('1.01.000005', '71'),
        value('1.01.000002', '8', '20x4'),
      ],
    }),
    exportedFile(first, 'Yang Pertama', { indicatorValues: [value('1.01.000011', '1')] }),
  ])
  // Once something was sent, it is known how long that takes.
  await stack.mustCtl(['sync-file', first])
  browser = await openBrowser()
})

after(async () => {
  await browser?.close()
  await stack?.stop()
})

async function openFiles(options = {}) {
  const page = await openPage(browser, { allowed: refusedRequests, ...options })
  await signIn(page, stack.url, 'siti', password)
  await page.getByRole('grid').waitFor()
  return page
}

async function openFileDialog(page) {
  await page.getByLabel('Cari nama atau kode berkas').fill(mixedName)
  await page.getByText('1 berkas cocok').waitFor()
  await page.getByRole('button', { name: `Sinkron ${mixedName}` }).click()
  return page.getByRole('dialog', { name: 'Sinkronisasi Data' })
}

/** Asks for the preview; what it says of the targets, and which run found it out. */
async function askPreview(dialog) {
  await dialog.getByRole('button', { name: 'Pratinjau' }).click()
  const link = dialog.getByRole('link', { name: 'Rincian pratinjau' })
  const href = await link.getAttribute('href', { timeout: 60_000 })
  await dialog.getByText('Belum ada yang dikirim.').waitFor()
  const [sipd, splp] = ['SIPD', 'SPLP'].map((name) => dialog.getByRole('region', { name }))
  await Promise.all([sipd.waitFor(), splp.waitFor()])
  return { sipd, splp, runId: href.split('/').at(-1) }
}

const runEnded = async () => until('the run to end', async () => !(await stack.runs()).some(({ state }) => state === 'STATE_RUNNING'))

/** The deliveries of a run and their records, by target and key. */
async function recordsOf(runId) {
  const deliveries = jsonLines(await stack.mustCtl(['-o', 'json', 'deliveries', '--run', runId]))
  const records = new Map()
  for (const { deliveryId, target, state, failure, fileId } of deliveries) {
    if (state === 'STATE_SKIPPED') records.set(`${target} ${fileId}`, { state })
    // What a dataset's delivery is, its only record is.
    else if (target === 'splp') records.set(`${target} ${fileId}`, { state, failure })
    else {
      const [whole] = jsonLines(await stack.mustCtl(['-o', 'json', 'delivery', deliveryId]))
      for (const record of whole.records) records.set(`${target} ${fileId} ${record.key}`, record)
    }
  }
  return records
}

/** What became otherwise than a preview said: what it would have sent has arrived, all else stayed as it was. */
function brokenPromises(promised, became) {
  const outcome = ({ state, failure }) => `${state} ${failure?.reason ?? ''}`.trim()
  const broken = [...promised].flatMap(([key, record]) => {
    const kept = outcome({ ...record, state: record.state.replace('QUEUED', 'CONFIRMED') })
    const real = became.has(key) ? outcome(became.get(key)) : 'nothing'
    return real === kept ? [] : [`${key}: ${kept} was promised, ${real} came of it`]
  })
  const unforeseen = [...became.keys()].filter((key) => !promised.has(key)).map((key) => `${key} was not foreseen`)
  return [...broken, ...unforeseen]
}

/** What the targets hold otherwise than a preview said, of the indicator values. */
function wrongValues(promised, { sipd }) {
  return [...promised.values()].flatMap(({ key, state, change }) => {
    if (state !== 'STATE_QUEUED' || !change?.newValue) return []
    const { value: there, applies } = sipd[key] ?? {}
    return there === change.newValue && applies === 1 ? [] : [`${key}: ${there}, applied ${applies} times, not ${change.newValue}`]
  })
}

const writes = (requests) => requests.filter(({ method }) => method !== 'GET')
const operation = (requests, name) => requests.filter((request) => request.operation === name).length

test('of one file: the delivery of the preview lists every value with what would become of it', async () => {
  const page = await openFiles({ viewport: phone })
  const dialog = await openFileDialog(page)
  const { sipd } = await askPreview(dialog)
  await picture(page, 'preview-file-phone')
  await sipd.getByRole('link', { name: 'Semua data dalam pratinjau ini' }).click()
  const row = (key) => page.getByRole('row').filter({ has: page.getByRole('rowheader', { name: key, exact: true }) })
  await row(created).getByText('baru', { exact: true }).waitFor()
  await row(changed).getByText('berubah · sebelumnya 1.200').waitFor()
  await row(same).getByText('tetap').waitFor()
  await row(final).getByText('tidak dikirim · sebelumnya 70').waitFor()
  await row(misdated).getByText(/Giliran: Produsen data/).waitFor()
  await expectAccessible(page, 'the delivery of a preview')
  await picture(page, 'preview-delivery-phone')
  expectQuiet(page)
})

test('of one file: each value as it would go, nothing sent, and so it goes', async () => {
  const page = await openFiles()
  const before = writes(await stack.requests()).length
  const dialog = await openFileDialog(page)
  const { sipd, splp, runId } = await askPreview(dialog)
  await sipd.getByText('1 data baru · 1 berubah · 1 sudah sama · 2 akan ditolak').waitFor()
  await sipd.getByText('1 permintaan, sekitar 1 detik').waitFor()
  await splp.getByText('1 permintaan, sekitar 1 detik').waitFor()
  await splp.getByText('1 data baru').waitFor()
  assert.match(await sipd.getByRole('list', { name: 'Yang berubah' }).innerText(), new RegExp(`^${changed}\\s+1\\.200 → 1\\.234,5$`))
  const refused = await sipd.getByRole('list', { name: 'Yang akan ditolak' }).innerText()
  assert.match(refused, new RegExp(`${final}[^]*${misdated}`))
  await expectAccessible(page, 'the dialog with a preview')
  await picture(page, 'preview-file')
  await sipd.getByRole('button', { name: 'Isi permintaan (1)' }).click()
  await sipd.getByText('"data": "1234.5"').waitFor()
  assert.equal(writes(await stack.requests()).length, before, 'a preview sent something')

  const promised = await recordsOf(runId)
  assert.equal(promised.size, 6, 'five values and a dataset')
  await dialog.getByRole('button', { name: 'Mulai sinkron' }).click()
  await dialog.getByText('Sebagian').first().waitFor()
  await runEnded()
  const [run] = await stack.runs()
  assert.deepEqual(brokenPromises(promised, await recordsOf(run.runId)), [])
  const truth = await stack.truth()
  assert.deepEqual(wrongValues(promised, truth), [])
  assert.deepEqual(
    [created, changed, same, final].map((each) => truth.sipd[each].value),
    ['7', '1234.5', '9', '70'],
  )
  assert.equal(writes(await stack.requests()).length, before + 2, 'a request to each')
  expectQuiet(page)
})

test('of all files: the requests are those of the run, and so is what becomes of each value', async () => {
  const page = await openFiles()
  const before = await stack.requests()
  await page.getByRole('button', { name: 'Sinkron Semua File' }).click()
  const dialog = page.getByRole('dialog')
  const { sipd, splp, runId } = await askPreview(dialog)
  const words = [await sipd.innerText(), await splp.innerText()].join('\n')
  await expectAccessible(page, 'the dialog with a preview of all files')
  await picture(page, 'preview-all')
  assert.equal(writes(await stack.requests()).length, writes(before).length, 'a preview sent something')

  const promised = await recordsOf(runId)
  await dialog.getByRole('button', { name: 'Mulai sinkron' }).click()
  await page.getByText('Lihat hasilnya').waitFor({ timeout: 120_000 })
  const [run] = await stack.runs()
  assert.deepEqual(brokenPromises(promised, await recordsOf(run.runId)), [])
  assert.deepEqual(wrongValues(promised, await stack.truth()), [])
  const sent = (await stack.requests()).slice(0, -before.length)
  const [pushes, posts] = [operation(sent, 'sipd.push_dssd'), operation(sent, 'splp.post')]
  assert.equal(writes(sent).length, pushes + posts)
  const [expected, ...rest] = [...words.matchAll(/(\d+) permintaan, sekitar /g)].map(([, count]) => Number(count))
  assert.deepEqual(rest, [posts])
  // A sender that is free does not wait until its request is full.
  assert.ok(pushes >= expected && pushes < 1.5 * expected, `${expected} were expected, ${pushes} were sent`)
  expectQuiet(page)
})

test('a withdrawal, which has no preview, says in its delivery what it takes away', async () => {
  await stack.ctl(['withdraw', '1.01.000002', '--tahun', year, '--reason', 'Keliru'])
  const [run] = await stack.runs()
  const [{ deliveryId }] = jsonLines(await stack.mustCtl(['-o', 'json', 'deliveries', '--run', run.runId]))
  const page = await openFiles()
  await page.goto(`${stack.url}/pengiriman/${deliveryId}`)
  await page.getByRole('cell', { name: /ditarik/ }).waitFor()
  await picture(page, 'withdrawal')
  expectQuiet(page)
})

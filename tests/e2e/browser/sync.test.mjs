// The morning's work: find the file, press the button, choose the targets, see what became of it; all files; and what
// goes wrong on the way. What the page says is held against what the simulated targets hold.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'

import { expectAccessible, expectQuiet, openBrowser, openPage, phone, picture, refusedRequests, signIn } from './browser.mjs'
import { Stack, exportedFile, until } from './stack.mjs'

const password = 'sandi-yang-panjang'
const dangerous = '<img src=x onerror="document.title=\'jebol\'">Jumlah Puskesmas'
const many = 400
let stack
let browser

const id = (number) => `66f0${number.toString(16).padStart(20, '0')}`

before(async () => {
  stack = await Stack.start()
  await stack.addUser('siti', 'Operator', password)
  await stack.addUser('budi', 'Viewer', password)
  await stack.importLines([
    exportedFile(id(1), 'Jumlah Sekolah Dasar'),
    exportedFile(id(2), dangerous, { temadataset: 'Kesehatan' }),
    exportedFile(id(3), 'Rencana Kerja', { StatusVerifikasi: 'Belum Verifikasi' }),
    exportedFile(id(4), 'Tanpa Tema', { temadataset: '' }),
    ...Array.from({ length: many }, (_, at) => exportedFile(id(1000 + at), `Dataset nomor ${at + 1}`)),
  ])
  browser = await openBrowser()
})

after(async () => {
  await browser?.close()
  await stack?.stop()
})

async function openFiles(options = {}, name = 'siti') {
  const page = await openPage(browser, { allowed: refusedRequests, ...options })
  await signIn(page, stack.url, name, password)
  await page.getByRole('grid').waitFor()
  return page
}

async function startAll(page, targets = ['SPLP']) {
  await page.getByRole('button', { name: 'Sinkron Semua File' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('checkbox').first().waitFor()
  for (const box of await dialog.getByRole('checkbox').all()) await box.uncheck()
  for (const target of targets) await dialog.getByRole('checkbox', { name: target }).check()
  await dialog.getByRole('button', { name: 'Mulai sinkron' }).click()
}

const activeRun = async () => (await stack.runs()).find(({ state }) => state === 'STATE_RUNNING')
const runEnded = async () => until('the run to end', async () => !(await activeRun()))

test('one file: found, sent to a chosen target, and seen to have arrived', async () => {
  const page = await openFiles()
  await page.getByLabel('Cari nama atau kode berkas').fill('sekolah dasar')
  await page.getByText('1 berkas cocok').waitFor()
  await page.getByRole('button', { name: 'Sinkron Jumlah Sekolah Dasar' }).click()
  const dialog = page.getByRole('dialog', { name: 'Sinkronisasi Data' })
  await dialog.getByRole('checkbox', { name: 'SIPD' }).uncheck()
  await expectAccessible(page, 'the dialog')
  await picture(page, 'sync-dialog')
  await dialog.getByRole('button', { name: 'Mulai sinkron' }).click()
  await dialog.getByText('Terbukti masuk').first().waitFor()
  await picture(page, 'sync-dialog-result')
  const { splp } = await stack.truth()
  assert.equal(splp[id(1)]?.held, true, 'the page says what the target does not know')
  await page.keyboard.press('Escape')
  await page.getByRole('grid').getByText('Terbukti masuk').waitFor()
  expectQuiet(page)
})

test('what is refused is shown with its reason, its cure and whose turn it is', async () => {
  const page = await openFiles()
  await page.getByLabel('Cari nama atau kode berkas').fill('tanpa tema')
  await page.getByText('1 berkas cocok').waitFor()
  await page.getByRole('button', { name: 'Sinkron Tanpa Tema' }).click()
  const dialog = page.getByRole('dialog', { name: 'Sinkronisasi Data' })
  await dialog.getByRole('checkbox', { name: 'SIPD' }).uncheck()
  await dialog.getByRole('button', { name: 'Mulai sinkron' }).click()
  await dialog.getByText('Ditolak').first().waitFor()
  await dialog.getByText(/Giliran: /).waitFor()
  await picture(page, 'sync-dialog-refused')
  expectQuiet(page)
})

test('what a run left is sent again by a retry, as a run of its own', async () => {
  const page = await openFiles()
  const refused = (await stack.runs()).find(({ kind, state }) => kind === 'KIND_SYNC_FILE' && state === 'STATE_FAILED')
  await page.goto(`${stack.url}/proses/${refused.runId}`)
  await page.getByRole('button', { name: 'Kirim ulang yang belum berhasil' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Sertakan yang ditolak').check()
  await picture(page, 'run-retry-dialog')
  await dialog.getByRole('button', { name: 'Mulai kirim ulang' }).click()
  await page.waitForURL((address) => !address.pathname.endsWith(refused.runId))
  await page.getByText('Mengirim ulang sisa dari').waitFor()
  const [newest] = await stack.runs()
  assert.equal(newest.kind, 'KIND_RETRY')
  assert.equal(newest.retryOf, refused.runId)
  expectQuiet(page)
})

test('a file that is not verified cannot be sent, and the page says why', async () => {
  const page = await openFiles()
  await page.getByLabel('Cari nama atau kode berkas').fill('rencana kerja')
  await page.getByText('1 berkas cocok').waitFor()
  const button = page.getByRole('button', { name: /Sinkron Rencana Kerja/ })
  assert.equal(await button.getAttribute('aria-disabled'), 'true')
  await button.hover()
  await page.getByText('Belum diverifikasi. Hanya berkas yang sudah verifikasi yang dikirim.').first().waitFor()
  expectQuiet(page)
})

test('a name with HTML in it is text', async () => {
  const page = await openFiles()
  await page.getByLabel('Cari nama atau kode berkas').fill('Puskesmas')
  await page.getByText(dangerous, { exact: true }).first().waitFor()
  assert.notEqual(await page.title(), 'jebol')
  assert.equal(await page.locator('img[src=x]').count(), 0)
  expectQuiet(page)
})

test('a viewer is offered no sync, and is refused when asking anyway', async () => {
  const page = await openFiles({}, 'budi')
  await page.getByText(/berkas cocok/).waitFor()
  const all = page.getByRole('button', { name: 'Sinkron Semua File' })
  assert.ok((await all.count()) === 0 || (await all.getAttribute('aria-disabled')) === 'true')
  const { code, errors } = await stack.ctl(['--token', await stack.token('Viewer'), 'sync-all'])
  assert.equal(code, 3)
  assert.match(errors, /PERMISSION_DENIED/)
  await picture(page, 'berkas-viewer')
  expectQuiet(page)
})

test('all files: progress that survives closing the page, a toast at the end', async () => {
  const page = await openFiles()
  // Slow enough that the run is still under way when the page is opened again.
  await stack.post('/admin/quota', { target: 'splp', per_second: 20 })
  await startAll(page)
  await page.getByText(/dari \d+ pengiriman/).waitFor()
  await picture(page, 'sync-all-live')
  await page.context().close()

  const reopened = await openFiles({ viewport: phone })
  await reopened.getByText(/dari \d+ pengiriman/).waitFor()
  await picture(reopened, 'sync-all-reopened-phone')
  await stack.post('/admin/quota', { target: 'splp', per_second: 0 })
  await reopened.getByText('Lihat hasilnya').waitFor({ timeout: 60_000 })
  await picture(reopened, 'sync-all-toast-phone')
  const { splp } = await stack.truth()
  const held = Object.values(splp).filter((record) => record.held).length
  assert.equal(held, many + 2, 'the verified files with a theme')
  expectQuiet(reopened)
})

test('a chosen few are sent, no more', async () => {
  const page = await openFiles()
  await page.getByLabel('Cari nama atau kode berkas').fill('nomor 7')
  await page.getByText(/berkas cocok/).waitFor()
  await page.getByRole('checkbox', { name: 'Pilih Dataset nomor 7', exact: true }).check()
  await page.getByRole('checkbox', { name: 'Pilih Dataset nomor 70', exact: true }).check()
  await page.getByRole('button', { name: 'Sinkron pilihan' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByText('2 berkas pilihan').waitFor()
  await dialog.getByRole('button', { name: 'Mulai sinkron' }).click()
  await runEnded()
  const [newest] = await stack.runs()
  const counts = newest.targetCounts.flatMap(({ states }) => states.map(({ count }) => Number(count)))
  assert.equal(counts.reduce((sum, count) => sum + count, 0), 4, 'two files, two targets')
  expectQuiet(page)
})

test('a run is cancelled from its page, and nothing more of it is sent', async () => {
  const page = await openFiles()
  await stack.post('/admin/values', { remove_datasets: [id(2), ...Array.from({ length: many }, (_, at) => id(1000 + at))] })
  await stack.post('/admin/quota', { target: 'splp', per_second: 20 })
  const started = stack.ctl(['sync-all', '--target', 'splp', '--force'])
  const run = await until('the run to be active', activeRun)
  await page.goto(`${stack.url}/proses/${run.runId}`)
  await page.getByRole('button', { name: 'Batalkan proses' }).click()
  await picture(page, 'run-cancel-dialog')
  await page.getByRole('dialog').getByRole('button', { name: 'Batalkan proses' }).click()
  await page.getByText('Dibatalkan').first().waitFor()
  await started
  await picture(page, 'run-cancelled')
  await expectAccessible(page, 'a run')
  await stack.post('/admin/quota', { target: 'splp', per_second: 0 })
  expectQuiet(page)
})

test('a target that is down is shown as such, with what to do', async () => {
  const page = await openFiles()
  await stack.outage('sipd', '503')
  await page.goto(`${stack.url}/tujuan`)
  await page.getByRole('button', { name: 'Periksa SIPD' }).click()
  await page.getByText('SIPD belum siap. Yang perlu dibereskan:').waitFor()
  await picture(page, 'target-down')
  await stack.outage('sipd', 'off')
  await page.getByRole('button', { name: 'Periksa SIPD' }).click()
  await page.getByText(/Siap: /).waitFor()
  await expectAccessible(page, 'the targets')
  expectQuiet(page)
})

test('a deep link to a run that is gone says so', async () => {
  const page = await openFiles()
  await page.goto(`${stack.url}/proses/r-404`)
  await page.getByText('Proses ini tidak ada').waitFor()
  expectQuiet(page)
})

test('a server that is away shows as away, keeps what is on screen, and comes back by itself', async () => {
  const page = await openFiles()
  await page.getByText('Jumlah Sekolah Dasar').waitFor()
  await stack.server.stop('SIGKILL')
  await page.getByLabel('Cari nama atau kode berkas').fill('nomor 3')
  await page.getByText(/Server tidak dapat dihubungi sejak/).waitFor({ timeout: 60_000 })
  await picture(page, 'server-away')
  await stack.startServer()
  await page.getByText(/Server tidak dapat dihubungi sejak/).waitFor({ state: 'detached', timeout: 60_000 })
  await page.getByText('Dataset nomor 3', { exact: true }).waitFor()
  expectQuiet(page)
})

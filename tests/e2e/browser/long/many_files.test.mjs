// A region's whole catalogue, many times over: the table of 100,000 files, and a run of 10,000 before one's eyes.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'

import { expectQuiet, openBrowser, openPage, refusedRequests, signIn } from '../browser.mjs'
import { Stack, exportedFile, until } from '../stack.mjs'

const password = 'sandi-yang-panjang'
const all = 100_000
const sent = 10_000
const megabyte = 1024 * 1024
let stack
let browser

before(async () => {
  stack = await Stack.start()
  await stack.addUser('siti', 'Operator', password)
  const lines = Array.from({ length: all }, (_, at) =>
    exportedFile(`66f0${at.toString(16).padStart(20, '0')}`, `Dataset nomor ${at + 1}`, {
      temadataset: `Tema ${at % 40}`,
      StatusVerifikasi: at < sent ? 'Sudah Verifikasi' : 'Belum Verifikasi',
    }),
  )
  await stack.importLines(lines)
  browser = await openBrowser()
})

after(async () => {
  await browser?.close()
  await stack?.stop()
})

async function openFiles() {
  const page = await openPage(browser, { allowed: refusedRequests })
  await signIn(page, stack.url, 'siti', password)
  await page.getByText('Dataset nomor 1', { exact: true }).waitFor()
  return page
}

test('the first view of 100,000 files is there within a second', async (t) => {
  const page = await openFiles()
  await page.goto('about:blank')
  const begin = performance.now()
  await page.goto(stack.url)
  await page.getByText('Dataset nomor 1', { exact: true }).waitFor()
  const took = performance.now() - begin
  t.diagnostic(`first view: ${Math.round(took)} ms`)
  assert.equal(await page.getByRole('grid').getAttribute('aria-rowcount'), String(all + 1))
  assert.ok(took < 1_000, `it took ${took} ms`)
  expectQuiet(page)
})

test('any row is a moment away, and few are kept', async (t) => {
  const page = await openFiles()
  const slowest = []
  for (const share of [0.5, 1, 0.25, 0.75, 0]) {
    const begin = performance.now()
    const row = Math.max(1, Math.round(all * share))
    await page.evaluate((at) => window.scrollTo(0, document.documentElement.scrollHeight * at), share)
    await page.waitForFunction(
      (wanted) =>
        [...document.querySelectorAll('[role=row][aria-rowindex]')].some((element) => {
          const found = /Dataset nomor (\d+)/.exec(element.textContent ?? '')
          return found && Math.abs(Number(found[1]) - wanted) < 200
        }),
      row,
    )
    slowest.push(performance.now() - begin)
  }
  t.diagnostic(`to a far row: ${Math.round(Math.max(...slowest))} ms at most`)
  assert.ok(Math.max(...slowest) < 1_000)
  assert.ok((await page.locator('[role=row]').count()) < 100, 'rows that nobody sees are in the page')
  expectQuiet(page)
})

test('a run of 10,000 files is followed without a stutter, and the tab does not grow', async (t) => {
  const page = await openFiles()
  const session = await page.context().newCDPSession(page)
  const heap = async () => {
    await session.send('HeapProfiler.collectGarbage')
    return (await session.send('Runtime.getHeapUsage')).usedSize / megabyte
  }
  await page.evaluate(() => {
    globalThis.longest = 0
    let last = performance.now()
    const look = (now) => {
      globalThis.longest = Math.max(globalThis.longest, now - last)
      last = now
      requestAnimationFrame(look)
    }
    requestAnimationFrame(look)
  })
  const before = await heap()
  await page.getByRole('button', { name: 'Sinkron Semua File' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Mulai sinkron' }).click()
  await page.getByText('Lihat hasilnya').waitFor({ timeout: 240_000 })
  const [run] = await until('the run', () => stack.runs())
  const total = run.targetCounts.flatMap(({ states }) => states).reduce((sum, { count }) => sum + Number(count), 0)
  assert.equal(total, 2 * sent)
  const grown = (await heap()) - before
  const longest = await page.evaluate(() => globalThis.longest)
  t.diagnostic(`heap grew by ${grown.toFixed(1)} MiB; the longest time without a frame: ${Math.round(longest)} ms`)
  assert.ok(grown < 10, `the heap grew by ${grown} MiB`)
  assert.ok(longest < 1_000, `no frame for ${longest} ms`)
  expectQuiet(page)
})

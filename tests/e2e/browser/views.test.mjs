// Every view, light and dark, wide and on a phone: there without a complaint, usable by everybody; with the sample
// catalogue after one run.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'

import { expectAccessible, expectQuiet, openBrowser, openPage, phone, picture, refusedRequests, signIn, wide } from './browser.mjs'
import { Stack, jsonLines, sampleState } from './stack.mjs'

const password = 'sandi-yang-panjang'
let stack
let browser
let delivery

before(async () => {
  stack = await Stack.start({ simulator: ['--state', sampleState] })
  await stack.addUser('siti', 'Admin', password)
  await stack.importSample()
  await stack.ctl(['sync-all', '--dry-run'])
  await stack.ctl(['sync-all'])
  const [run, preview] = await stack.runs()
  ;[delivery] = jsonLines(await stack.mustCtl(['-o', 'json', 'deliveries', '--run', run.runId, '--target', 'sipd', '--limit', '40']))
    .filter(({ state }) => state === 'STATE_PARTIAL' || state === 'STATE_CONFIRMED')
  browser = await openBrowser()
  places.push(
    ['proses-satu', `/proses/${run.runId}`],
    ['proses-pratinjau', `/proses/${preview.runId}`],
    ['pengiriman', `/pengiriman/${delivery.deliveryId}`],
    ['isi', `/berkas/${delivery.fileId}`],
  )
})

after(async () => {
  await browser?.close()
  await stack?.stop()
})

const places = [
  ['berkas', '/'],
  ['ringkasan', '/ringkasan'],
  ['proses', '/proses'],
  ['giliran', '/giliran'],
  ['tujuan', '/tujuan'],
  ['indikator', '/indikator'],
]

// What is still loading has skeletons and says so.
const settled = (page) =>
  page.waitForFunction(
    () => !document.querySelector('main .mantine-Skeleton-root, main [aria-busy="true"]') && document.querySelector('main h1'),
  )

for (const [name, options] of [
  ['wide-light', { viewport: wide, colorScheme: 'light' }],
  ['wide-dark', { viewport: wide, colorScheme: 'dark' }],
  ['phone-light', { viewport: phone, colorScheme: 'light' }],
  ['phone-dark', { viewport: phone, colorScheme: 'dark' }],
]) {
  test(`every view is in order: ${name}`, async () => {
    const page = await openPage(browser, { allowed: refusedRequests, ...options })
    await signIn(page, stack.url, 'siti', password)
    for (const [view, path] of places) {
      await page.goto(stack.url + path)
      await settled(page)
      await picture(page, `${view}-${name}`)
      await expectAccessible(page, `${view}, ${name}`)
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
      assert.ok(overflow <= 0, `${view} is wider than the screen by ${overflow} px`)
    }
    expectQuiet(page)
  })
}

test('what a browser fetches before it shows the first view stays under 300 kB', async () => {
  const page = await openPage(browser, { allowed: refusedRequests })
  await signIn(page, stack.url, 'siti', password)
  const network = await page.context().newCDPSession(page)
  await page.context().setExtraHTTPHeaders({ 'accept-encoding': 'gzip' })
  for (const path of ['/', '/ringkasan']) {
    await network.send('Network.clearBrowserCache')
    await page.goto(stack.url + path)
    await settled(page)
    const fetched = await page.evaluate(() => {
      const files = [...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')]
      // The chart comes after the figures.
      return files.filter(({ name }) => !/\/satudata\.|\/DaysChart-/.test(name)).map(({ name, encodedBodySize }) => [name, encodedBodySize])
    })
    const total = fetched.reduce((sum, [, size]) => sum + size, 0)
    assert.ok(total > 100_000 && total < 300_000, `${path}: ${total}\n${fetched.join('\n')}`)
  }
  expectQuiet(page)
})

test('the language follows the switch, and the page says which it is', async () => {
  const page = await openPage(browser, { allowed: refusedRequests })
  await signIn(page, stack.url, 'siti', password)
  assert.equal(await page.getAttribute('html', 'lang'), 'id')
  await page.getByRole('button', { name: 'Menu pengguna siti' }).click()
  await page.getByText('English').click()
  await page.getByRole('link', { name: 'Files' }).waitFor()
  assert.equal(await page.getAttribute('html', 'lang'), 'en')
  expectQuiet(page)
})

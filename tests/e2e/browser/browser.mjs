// Debian's Chromium, headless, and what every test asks of a page beside its own story: no error in the console, and
// nothing serious found by axe.
import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { createRequire } from 'node:module'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

// The browser driver and axe are development tools of the page.
const packages = createRequire(new URL('../../../clients/dashboard/package.json', import.meta.url))
const { chromium } = packages('playwright-core')
const axeSource = readFileSync(packages.resolve('axe-core/axe.min.js'), 'utf8')

const pictures = fileURLToPath(new URL('../../../build/browser-pictures/', import.meta.url))
const executablePath = '/usr/bin/chromium'
// Without these it asks its maker's hosts for updates at every start.
const quiet = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]
export const phone = { width: 360, height: 740 }
export const wide = { width: 1440, height: 900 }

export async function openBrowser() {
  assert.ok(existsSync(executablePath), `${executablePath} is missing: apt-get install chromium`)
  return chromium.launch({ executablePath, args: quiet })
}

/**
 * A page of a new profile whose console is watched. `allowed`: errors that belong to the story, such as those of
 * requests to a server that is away.
 */
export async function openPage(browser, { viewport = wide, colorScheme = 'light', allowed = [], locale = 'id-ID' } = {}) {
  const context = await browser.newContext({ viewport, colorScheme, locale, timezoneId: 'Asia/Jakarta' })
  const page = await context.newPage()
  page.complaints = []
  const complain = (text) => {
    if (!allowed.some((pattern) => pattern.test(text))) page.complaints.push(text)
  }
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complain(message.text())
  })
  page.on('pageerror', (error) => complain(String(error)))
  page.setDefaultTimeout(20_000)
  return page
}

/** What a failed request prints by itself, whatever the page does about it. */
export const refusedRequests = [/Failed to load resource/, /net::ERR_/]

export async function signIn(page, url, name, password) {
  await page.goto(url)
  await page.getByLabel('Nama pengguna').fill(name)
  await page.getByLabel('Kata sandi', { exact: true }).fill(password)
  await page.getByRole('button', { name: 'Masuk' }).click()
  await page.getByRole('button', { name: /^Menu pengguna/ }).waitFor()
}

/** Nothing serious or critical, by axe's rules for WCAG 2.2 AA. */
export async function expectAccessible(page, what) {
  // Evaluated, not added as a tag: the page's content security policy forbids scripts that are not its own.
  await page.evaluate(axeSource)
  const found = await page.evaluate(async () => {
    const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']
    const { violations } = await globalThis.axe.run(document, { runOnly: tags })
    return violations
      .filter((violation) => violation.impact === 'serious' || violation.impact === 'critical')
      .map((violation) => `${violation.id}: ${violation.nodes.map((node) => node.html).join(' | ')}`)
  })
  assert.deepEqual(found, [], `${what} is hard to use for some`)
}

export async function picture(page, name) {
  await mkdir(pictures, { recursive: true })
  await page.screenshot({ path: path.join(pictures, `${name}.png`) })
}

export function expectQuiet(page) {
  assert.deepEqual(page.complaints, [], 'the console complains')
}

// Who comes in, how, and what a session's end does.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'

import { expectAccessible, expectQuiet, openBrowser, openPage, phone, picture, refusedRequests, signIn } from './browser.mjs'
import { Stack, sampleState, until } from './stack.mjs'

const password = 'sandi-yang-panjang'
let stack
let browser

before(async () => {
  stack = await Stack.start({ simulator: ['--state', sampleState] })
  await stack.addUser('siti', 'Operator', password)
  await stack.importSample()
  browser = await openBrowser()
})

after(async () => {
  await browser?.close()
  await stack?.stop()
})

const fill = async (page, name, text) => {
  await page.getByLabel('Nama pengguna').fill(name)
  await page.getByLabel('Kata sandi', { exact: true }).fill(text)
  await page.getByRole('button', { name: 'Masuk' }).click()
}

test('a local account signs in, stays signed in over a reload, and signs out', async () => {
  const page = await openPage(browser, { allowed: refusedRequests })
  await page.goto(stack.url)
  await page.getByLabel('Nama pengguna').waitFor()
  await expectAccessible(page, 'the sign-in page')
  await picture(page, 'sign-in')
  await signIn(page, stack.url, 'Siti', password)
  await page.reload()
  await page.getByRole('button', { name: 'Menu pengguna siti' }).click()
  await page.getByRole('button', { name: 'Keluar', exact: true }).click()
  await page.getByLabel('Nama pengguna').waitFor()
  await page.reload()
  await page.getByLabel('Nama pengguna').waitFor()
  expectQuiet(page)
})

test('no script finds a secret that outlives the page', async () => {
  const page = await openPage(browser, { allowed: refusedRequests })
  await signIn(page, stack.url, 'siti', password)
  const kept = await page.evaluate(() =>
    JSON.stringify([Object.entries(localStorage), Object.entries(sessionStorage), document.cookie]),
  )
  assert.doesNotMatch(kept, /eyJ|satudata_session/, 'a token is kept where scripts read')
  const cookies = await page.context().cookies()
  assert.deepEqual(
    cookies.map(({ httpOnly, secure, sameSite }) => ({ httpOnly, secure, sameSite })),
    [{ httpOnly: true, secure: true, sameSite: 'Strict' }],
  )
  expectQuiet(page)
})

test('a wrong password and an unknown name look the same', async () => {
  const messages = []
  for (const name of ['siti', 'tidak-ada']) {
    const page = await openPage(browser, { allowed: refusedRequests })
    await page.goto(stack.url)
    await fill(page, name, 'sandi yang salah')
    await page.getByText('tidak cocok').waitFor()
    messages.push(await page.locator('form').innerText())
    await page.context().close()
  }
  assert.equal(messages[0], messages[1])
})

test('guessing is slowed down, and it is said until when', async () => {
  const page = await openPage(browser, { allowed: refusedRequests, viewport: phone })
  await page.goto(stack.url)
  await until('the guesses to be slowed down', async () => {
    await fill(page, 'coba-coba', 'tebakan yang salah')
    await page.getByRole('button', { name: 'Masuk' }).isEnabled()
    return page.getByText('Coba lagi pada').isVisible()
  })
  await picture(page, 'sign-in-slowed-down-phone')
  await expectAccessible(page, 'a refused sign-in')
  expectQuiet(page)
})

test('the portal hands over its token, which leaves the address at once', async () => {
  const page = await openPage(browser, { allowed: refusedRequests })
  await page.goto(`${stack.url}/tujuan#token=${await stack.token('Viewer')}`)
  await page.getByRole('button', { name: 'Menu pengguna uji' }).waitFor()
  assert.equal(page.url(), `${stack.url}/tujuan`)
  await page.reload()
  await page.getByRole('button', { name: 'Menu pengguna uji' }).waitFor()
  expectQuiet(page)
})

test('a session that has ended leads to sign-in and back to the same place', async () => {
  const page = await openPage(browser, { allowed: refusedRequests })
  await page.goto(`${stack.url}/tujuan`)
  await fill(page, 'siti', password)
  await page.getByRole('heading', { name: 'Sistem tujuan' }).waitFor()
  await stack.mustCtl(['user', 'set', 'siti', '--password'], `${password}-baru\n`)
  await page.context().clearCookies()
  await page.reload()
  await fill(page, 'siti', `${password}-baru`)
  await page.getByRole('heading', { name: 'Sistem tujuan' }).waitFor()
  assert.equal(new URL(page.url()).pathname, '/tujuan')
  await stack.mustCtl(['user', 'set', 'siti', '--password'], `${password}\n`)
  expectQuiet(page)
})

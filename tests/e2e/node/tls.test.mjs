// Certificates on both sides.
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { after, before, test } from 'node:test'
import { promisify } from 'node:util'

import { Service } from './service.mjs'

let folder
let service
let cert
let key

before(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'satudata-tls-'))
  const [keyFile, certFile] = ['key.pem', 'cert.pem'].map((name) => path.join(folder, name))
  const kind = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2', '-subj', '/CN=uji']
  const files = ['-keyout', keyFile, '-out', certFile, '-addext', 'subjectAltName=IP:127.0.0.1']
  await promisify(execFile)('openssl', ['req', '-x509', ...kind, ...files])
  ;[cert, key] = await Promise.all([readFile(certFile), readFile(keyFile)])
  const settings = { TLS_CERT_FILE: certFile, TLS_KEY_FILE: keyFile, TLS_CLIENT_CA_FILE: certFile }
  service = await Service.start({ settings })
})

after(async () => {
  await service?.stop()
  await rm(folder, { recursive: true, force: true })
})

test('who trusts the server and shows a certificate is served', async () => {
  const client = service.connect({ tls: { ca: cert, cert, key } })
  assert.equal((await client.listTargets({})).targets.length, 2)
  client.close()
})

test('who does not is told that the server cannot be reached, with the cause', async () => {
  for (const tls of [undefined, {}, { ca: cert }]) {
    const client = service.connect({ tls, deadlines: { read: 500 } })
    await assert.rejects(client.listTargets({}), ({ code, cause }) => code === 'UNAVAILABLE' && cause !== undefined)
    client.close()
  }
})

// What somebody sees who watches the service without having read it: that alerts, dashboard and runbook speak of what
// a real server tells, and that one can follow a request through it.
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { createRequire } from 'node:module'
import https from 'node:https'
import { readFileSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { after, before, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

import { Stack, exportedFile, jsonLines, sampleState, until } from '../../e2e/browser/stack.mjs'

const root = fileURLToPath(new URL('../../../', import.meta.url))
const load = createRequire(path.join(root, 'build/npm-watching/package.json'))
const { parser } = load('@prometheus-io/lezer-promql')
const { parse } = load('yaml')
const run = promisify(execFile)
const read = (file) => readFileSync(path.join(root, file), 'utf8')

const rules = parse(read('deploy/prometheus/alerts.yaml')).groups.flatMap((group) => group.rules)
const dashboard = JSON.parse(read('deploy/grafana/dashboard.json'))
const trace = '0af7651916cd43dd8448eb211c80319c'
const traceparent = `00-${trace}-b7ad6b7169203331-01`
const file = '66f000000000000000000001'
/** What Prometheus itself adds, and no server tells. */
const ofPrometheus = { metrics: ['up', 'ALERTS'], labels: ['job', 'instance', 'alertname', 'alertstate'] }

let stack
let scrape
let certificates
let secret
let webTrust

/** A token whose `exp` can be read; nobody checks its signature. */
function tokenUntil(time) {
  const part = (value) => Buffer.from(JSON.stringify(value)).toString('base64url')
  return `${part({ alg: 'none' })}.${part({ exp: time })}.x`
}

async function makeCertificate() {
  const [cert, key] = ['cert.pem', 'key.pem'].map((name) => path.join(certificates, name))
  await run('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '30',
    '-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1', '-keyout', key, '-out', cert])
  webTrust = readFileSync(cert)
  return { WEB_TLS_CERT_FILE: cert, WEB_TLS_KEY_FILE: key }
}

before(async () => {
  certificates = await mkdtemp(path.join(tmpdir(), 'satudata-watching-'))
  const end = Math.floor(Date.now() / 1000) + 86_400
  secret = tokenUntil(end)
  stack = await Stack.start({
    simulator: ['--state', sampleState, '--quirks', 'error-503-before=0.05', '--seed', '7', '--request-log', '100000'],
    sipdKey: secret,
    settings: { ...(await makeCertificate()), SIPD_BEARER_TOKEN: secret },
  })
  await stack.importSample()
  await stack.importLines([exportedFile(file, 'Jumlah\u001bSekolah')])
  await stack.ctl(['sync-all'])
  scrape = await metrics()
})

after(async () => {
  await stack?.stop()
  await rm(certificates, { recursive: true, force: true })
})

/** By name: the labels that its series have, and the series. */
async function metrics() {
  const text = await (await fetch(`http://${stack.adminAddress}/metrics`)).text()
  const found = new Map()
  for (const [, name, labels, value] of text.matchAll(/^(\w+)(?:\{(.*)\})? (\S+)$/gm)) {
    const metric = found.get(name) ?? { labels: new Set(), series: [] }
    found.set(name, metric)
    const pairs = Object.fromEntries([...(labels ?? '').matchAll(/(\w+)="([^"]*)"/g)].map(([, key, of]) => [key, of]))
    for (const label of Object.keys(pairs)) metric.labels.add(label)
    metric.series.push({ ...pairs, value: Number(value) })
  }
  return found
}

/** What a query reads: each metric with the labels that are asked of it, and those that are grouped by. */
function readsOf(query) {
  const text = query.replaceAll('$__rate_interval', '5m')
  const selectors = []
  const groupings = new Set()
  parser.parse(text).iterate({
    enter: (node) => {
      const of = () => text.slice(node.from, node.to)
      assert.ok(!node.type.isError, `cannot be parsed at ${node.from}: ${text}`)
      if (node.name === 'VectorSelector') selectors.push({ name: /^\w+/.exec(of())[0], labels: [] })
      if (node.name === 'UnquotedLabelMatcher') selectors.at(-1).labels.push(/^\w+/.exec(of())[0])
      if (node.name === 'GroupingLabels') for (const [label] of of().matchAll(/\w+/g)) groupings.add(label)
    },
  })
  return { selectors, groupings }
}

function assertIsTold(query, where) {
  const { selectors, groupings } = readsOf(query)
  assert.ok(selectors.length > 0, where)
  const told = new Set(ofPrometheus.labels)
  for (const { name, labels } of selectors) {
    if (!ofPrometheus.metrics.includes(name)) assert.ok(scrape.has(name), `${where}: no metric ${name}`)
    for (const label of scrape.get(name)?.labels ?? []) told.add(label)
    const known = [...ofPrometheus.labels, ...(scrape.get(name)?.labels ?? [])]
    for (const label of labels) assert.ok(known.includes(label), `${where}: ${name} has no label ${label}`)
  }
  for (const label of groupings) assert.ok(told.has(label), `${where}: nothing has the label ${label}`)
}

test('promtool takes the rules, and each fires when it should and not before', async () => {
  const promtool = path.join(root, 'build/promtool/promtool')
  const cwd = path.join(root, 'deploy/prometheus')
  await run(promtool, ['check', 'rules', 'alerts.yaml'], { cwd })
  await run(promtool, ['test', 'rules', 'alerts_test.yaml', 'freshness_test.yaml'], { cwd })
  const cases = ['alerts_test.yaml', 'freshness_test.yaml'].flatMap((name) =>
    parse(read(`deploy/prometheus/${name}`)).tests.flatMap((each) => each.alert_rule_test))
  for (const { alert } of rules) {
    const of = cases.filter(({ alertname }) => alertname === alert)
    assert.ok(of.some(({ exp_alerts: fires }) => fires.length > 0), `${alert} is never seen to fire`)
    assert.ok(of.some(({ exp_alerts: fires }) => fires.length === 0), `${alert} is never seen not to fire`)
  }
})

test('what alerts ask for is told', () => {
  for (const { alert, expr, labels, annotations } of rules) {
    assertIsTold(expr, alert)
    assert.match(labels.severity, /^(critical|warning|info)$/)
    for (const text of ['summary', 'summary_id', 'description', 'description_id']) assert.ok(annotations[text], alert)
    assert.equal(annotations.runbook, `deploy/README.md#${alert.toLowerCase()}`)
  }
})

test('what the dashboard asks for is told', () => {
  const panels = dashboard.panels.filter(({ type }) => type !== 'row')
  assert.ok(panels.length > 20)
  for (const { title, targets } of panels) for (const { expr } of targets) assertIsTold(expr, title)
  for (const { query } of dashboard.templating.list.filter(({ type }) => type === 'query')) {
    const [, metric, label] = /^label_values\((\w+), (\w+)\)$/.exec(query.query)
    assert.ok(scrape.has(metric), metric)
    assert.ok(scrape.get(metric).labels.has(label) || ofPrometheus.labels.includes(label), label)
  }
})

test('panels have places of their own on the dashboard', () => {
  const ids = new Set(dashboard.panels.map(({ id }) => id))
  assert.equal(ids.size, dashboard.panels.length)
  const cells = new Set()
  for (const { title, gridPos } of dashboard.panels) {
    assert.ok(gridPos.x + gridPos.w <= 24, title)
    for (let x = gridPos.x; x < gridPos.x + gridPos.w; ++x) {
      for (let y = gridPos.y; y < gridPos.y + gridPos.h; ++y) {
        assert.ok(!cells.has(`${x} ${y}`), `${title} lies on another panel`)
        cells.add(`${x} ${y}`)
      }
    }
  }
})

test('the gauges say what is stored, also after a restart', async () => {
  const valueOf = (all, name, labels) =>
    all.get(name)?.series.find((series) => Object.entries(labels).every(([key, value]) => series[key] === value))?.value
  const rejected = jsonLines((await stack.ctl(['-o', 'json', 'files', '--target', 'sipd', '--state', 'REJECTED'])).output)
  assert.ok(rejected.length > 0)
  const check = (all) => {
    assert.equal(valueOf(all, 'integration_files_waiting', { target: 'sipd', state: 'REJECTED' }), rejected.length)
    assert.ok(valueOf(all, 'integration_files_waiting_oldest_seconds', { target: 'sipd', state: 'REJECTED' }) > 0)
    const now = Date.now() / 1000
    for (const target of ['sipd', 'splp']) {
      assert.ok(now - valueOf(all, 'integration_last_confirmation_seconds', { target }) < 1800)
      assert.ok(now - valueOf(all, 'integration_last_sync_seconds', { target }) < 600)
      assert.equal(valueOf(all, 'integration_target_controller', { target }), 1)
    }
    assert.equal(valueOf(all, 'integration_store_usable', {}), 1)
    assert.ok(valueOf(all, 'integration_credential_expiry_seconds', { target: 'sipd' }) - now < 86_400)
    assert.equal(valueOf(all, 'integration_credential_expiry_seconds', { target: 'splp' }), NaN)
  }
  check(await metrics())
  await stack.server.stop()
  await stack.startServer()
  check(await metrics())
})

/** SyncFile as a page calls it: over the bridge, with a trace of its own. */
async function syncFileFromAPage(token) {
  const id = Buffer.from(file)
  const message = Buffer.concat([Buffer.from([0x0a, id.length]), id])
  const frame = Buffer.concat([Buffer.from([0, 0, 0, 0, message.length]), message])
  const [host, port] = stack.webAddress.split(':')
  await new Promise((resolve, reject) => {
    const request = https.request({
      host, port, method: 'POST', ca: webTrust, path: '/satudata.integration.v1.IntegrationService/SyncFile',
      headers: { 'content-type': 'application/grpc-web+proto', 'x-grpc-web': '1', origin: `https://${stack.webAddress}`,
        authorization: `Bearer ${token}`, traceparent },
    }, (answer) => answer.on('end', resolve).on('error', reject).resume())
    request.on('error', reject).end(frame)
  })
}

test('a trace goes from the page through the service to the targets, and into the log', async () => {
  const token = await stack.token('Operator')
  await syncFileFromAPage(token)
  const requests = await stack.requests()
  for (const request of requests) {
    assert.match(request.traceparent, /^00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/, JSON.stringify(request))
  }
  const ours = requests.filter((request) => request.traceparent === traceparent)
  assert.ok(ours.length > 0, 'the trace did not reach a target')
  const lines = jsonLines(stack.server.errors).filter((line) => line.trace_id === trace)
  assert.ok(lines.some(({ message }) => message === 'run ended'), JSON.stringify(lines))
  const call = await until('the call in the log', () => jsonLines(stack.server.errors).find(
    (line) => line.message === 'call ended' && line.trace_id === trace))
  assert.equal(call.method, 'satudata.integration.v1.IntegrationService/SyncFile')
  assert.equal(call.code, 'OK')
  assert.equal(call.user, 'uji')
  assert.equal(call.role, 'Operator')
  assert.equal(call.run_id, lines.find(({ message }) => message === 'run ended').run_id)
  assert.ok(Number(call.sent) >= 2 && Number(call.duration_ms) > 0 && call.source !== '')
})

test('the log has a line for a call that is refused, with the reason, and no secret', async () => {
  await stack.ctl(['run', 'r-\u001b[31m404'])
  const line = await until('the refused call', () => jsonLines(stack.server.errors).find(
    (each) => each.message === 'call ended' && each.run_id === 'r-\u001b[31m404'))
  assert.equal(line.code, line.reason === 'RUN_NOT_FOUND' ? 'NOT_FOUND' : 'INVALID_ARGUMENT')
  const token = await stack.token('Operator')
  assert.ok(!stack.server.errors.includes('\u001b') && !stack.server.errors.includes(secret))
  assert.ok(!stack.server.errors.includes(token.split('.')[0]))
})

test('the log names who was denied', async () => {
  const tokenFile = path.join(certificates, 'viewer')
  await writeFile(tokenFile, await stack.token('Viewer'), { mode: 0o600 })
  const ctl = path.join(root, 'build/release/bin/integrationctl')
  await run(ctl, ['--server', stack.grpcAddress, '--token-file', tokenFile, 'pause-target', 'sipd']).catch(() => {})
  const line = await until('the denied call', () => jsonLines(stack.server.errors).find(
    (each) => each.message === 'call ended' && each.code === 'PERMISSION_DENIED'))
  assert.deepEqual([line.user, line.role, line.reason], ['uji', 'Viewer', 'PERMISSION_DENIED'])
})

test('every alert has its section in the runbook, and no section lacks an alert', () => {
  const runbook = read('deploy/README.md').split(/^## Runbook$/m)[1].split(/^## /m)[0]
  assert.deepEqual([...runbook.matchAll(/^### (\w+)$/gm)].map(([, name]) => name), rules.map(({ alert }) => alert))
  for (const section of runbook.split(/^### /m).slice(1)) {
    for (const part of ['Cause', 'Check', 'Cure']) assert.ok(section.includes(`- **${part}:**`), section)
  }
})

test('the commands of the runbook work', async () => {
  const runbook = read('deploy/README.md').split(/^## Runbook$/m)[1]
  const blocks = [...runbook.matchAll(/^```sh\n(.*?)^```$/gms)].flatMap(([, block]) => block.trim().split('\n'))
  assert.ok(blocks.length > 15)
  const runs = await stack.runs()
  const whole = runs.find(({ kind }) => kind === 'KIND_SYNC_ALL').runId
  const ctl = `${path.join(root, 'build/release/bin/integrationctl')} --server ${stack.grpcAddress} --data-dir ${stack.directory}/data`
  for (const command of new Set(blocks)) {
    const line = command.replace(/^integrationctl/, ctl)
    const environment = { PATH: process.env.PATH, LANG: 'en_GB.UTF-8', RUN: whole, TARGET: 'sipd', ADMIN: stack.adminAddress }
    const code = await run('bash', ['-c', line], { env: environment }).then(() => 0, (error) => error.code)
    // 1: a run that ended without success, as this one did.
    assert.ok(code === 0 || (code === 1 && /^integrationctl (run|retry) /.test(command)), `${code}: ${command}`)
  }
})

test('the calls of the runbook work, and there is one for each of its commands', async () => {
  const runbook = read('deploy/README.md').split(/^## Runbook$/m)[1]
  const [define, ...calls] = /^```sh needs=grpcurl\n(.*?)^```$/ms.exec(runbook)[1].trim().split('\n')
  const verbs = new Set([...runbook.matchAll(/integrationctl ([a-z]+(?:-[a-z]+)*)/g)].map(([, verb]) => verb))
  const named = new Set(calls.map((call) => /# ([a-z-]+)/.exec(call)[1]))
  for (const verb of verbs) assert.ok(named.has(verb) || verb === 'store', `no call for ${verb}`)
  // The first one, which had something to send.
  const runId = (await stack.runs()).findLast(({ kind }) => kind === 'KIND_SYNC_ALL').runId
  const [{ deliveryId }] = jsonLines((await stack.ctl(['-o', 'json', 'deliveries', '--run', runId, '--limit', '1'])).output)
  const environment = { PATH: process.env.PATH, HOME: certificates, RUN: runId, TARGET: 'sipd', DELIVERY: deliveryId,
    GRPC: stack.grpcAddress, TOKEN: await stack.token('Operator') }
  // The same call by a client that the project has.
  const buf = path.join(root, 'build/npm/node_modules/.bin/buf')
  const grpcurl = `grpcurl() { ${buf} curl --protocol grpc --http2-prior-knowledge "\${@:1:6}" "http://$7/$8"; }`
  for (const call of calls) {
    const script = `${grpcurl}\n${define}\n${call}`
    const errors = await run('bash', ['-c', script], { env: environment }).then(() => '', (error) => error.stderr)
    // What came before it may have left nothing to retry, or to cancel.
    const may = /(RetryRun|CancelRun)/.test(call) && errors.includes('failed_precondition')
    assert.ok(errors === '' || may, `${call}: ${errors}`)
  }
})

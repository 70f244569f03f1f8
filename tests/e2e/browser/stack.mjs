// The built programs as an operator runs them: target-simulator, integration-server with the page, integrationctl;
// each a process on a free port, with a directory of their own that is removed at the end.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../../../', import.meta.url))
const programs = path.join(root, 'build/release/bin')
const sample = path.join(root, 'deploy/demo/sample')
const key = 'kunci'
const patience = 30_000

/** Asks until `probe` gives something; fails after 30 s. */
export async function until(what, probe) {
  const giveUp = Date.now() + patience
  while (Date.now() < giveUp) {
    const found = await probe()
    if (found) return found
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  throw new Error(`waited in vain for ${what}`)
}

async function textOf(file) {
  return readFile(file, 'utf8').catch(() => '')
}

class Program {
  constructor(name, args, environment, directory) {
    this.name = name
    this.errors = ''
    this.output = ''
    this.process = spawn(path.join(programs, name), args, {
      cwd: directory,
      env: { PATH: process.env.PATH, HOME: directory, LANG: 'en_GB.UTF-8', NO_COLOR: '1', ...environment },
      stdio: ['pipe', 'pipe', 'pipe'],
    })
    this.exit = once(this.process, 'exit')
    this.process.stdout.on('data', (bytes) => (this.output += bytes))
    this.process.stderr.on('data', (bytes) => (this.errors += bytes))
  }

  get running() {
    return this.process.exitCode === null && this.process.signalCode === null
  }

  async stop(signal = 'SIGTERM') {
    if (this.running) this.process.kill(signal)
    await this.exit
  }
}

export class Stack {
  /**
   * @param {{simulator?: string[], settings?: Record<string, string>, sipdKey?: string}} options flags of the
   *   simulator, settings of the server on top of what it needs, and the key that SIPD takes.
   */
  static async start(options = {}) {
    const stack = new Stack()
    stack.options = options
    stack.directory = await mkdtemp(path.join(tmpdir(), 'satudata-browser-'))
    await stack.startSimulator()
    await stack.startServer()
    return stack
  }

  async startSimulator() {
    const file = path.join(this.directory, 'simulator.address')
    const flags = ['--listen', '127.0.0.1:0', '--address-file', file, '--splp-key', key, '--sipd-key', this.options.sipdKey ?? key]
    this.simulator = new Program('target-simulator', [...flags, ...(this.options.simulator ?? [])], {}, this.directory)
    this.simulatorUrl = `http://${(await this.addressIn(file, this.simulator)).trim()}`
  }

  /** On the ports of the last time, so that an open page finds it again. */
  async startServer() {
    const file = path.join(this.directory, 'server.address')
    await rm(file, { force: true })
    this.server = new Program(
      'integration-server',
      [],
      {
        SPLP_API_URL: `${this.simulatorUrl}/splp`,
        SIPD_API_URL: `${this.simulatorUrl}/sipd`,
        EXTERNAL_API_KEY: key,
        SIPD_KODEPEMDA: '9901',
        DATABASE_URL: `sqlite:///${this.directory}/data/integration.db`,
        CONTENT_DIR: path.join(sample, 'content'),
        GRPC_LISTEN: this.grpcAddress ?? '127.0.0.1:0',
        WEB_LISTEN: this.webAddress ?? '127.0.0.1:0',
        ADMIN_LISTEN: '127.0.0.1:0',
        ADDRESS_FILE: file,
        SPLP_REQUEST_DEADLINE: '2s',
        SPLP_SETTLE_TIME: '1s',
        SPLP_CONFIRM_WAIT: '10s',
        SIPD_REQUEST_DEADLINE: '2s',
        SIPD_SETTLE_TIME: '1s',
        SIPD_CONFIRM_WAIT: '10s',
        CIRCUIT_OPEN_TIME: '1s',
        ...this.options.settings,
      },
      this.directory,
    )
    const addresses = JSON.parse(await this.addressIn(file, this.server))
    this.grpcAddress = addresses.grpc
    this.webAddress = addresses.web
    this.adminAddress = addresses.admin
  }

  async addressIn(file, program) {
    return until(`${program.name} to serve`, async () => {
      if (!program.running) throw new Error(`${program.name} ended: ${program.errors}`)
      return textOf(file)
    })
  }

  get url() {
    return `http://${this.webAddress}`
  }

  /** Runs integrationctl to its end; `input` is what it reads. */
  async ctl(args, input = '') {
    const connection = ['--server', this.grpcAddress, '--data-dir', path.join(this.directory, 'data')]
    const program = new Program('integrationctl', [...connection, ...args], {}, this.directory)
    program.process.stdin.end(input)
    const [code] = await program.exit
    return { code, output: program.output, errors: program.errors }
  }

  async mustCtl(args, input = '') {
    const done = await this.ctl(args, input)
    if (done.code !== 0) throw new Error(`integrationctl ${args.join(' ')}: ${done.code} ${done.errors}`)
    return done.output
  }

  async addUser(name, role, password) {
    await this.mustCtl(['user', 'add', name, '--role', role], `${password}\n`)
  }

  async importSample() {
    await this.importFile(path.join(sample, 'catalog.jsonl'))
  }

  async importFile(file) {
    await this.mustCtl(['import', file])
  }

  /** Files as the portal exports them, one object each. */
  async importLines(lines) {
    const file = path.join(this.directory, 'lines.jsonl')
    await writeFile(file, lines.map((line) => JSON.stringify(line)).join('\n') + '\n')
    await this.importFile(file)
  }

  async runs() {
    return jsonLines(await this.mustCtl(['-o', 'json', 'runs']))
  }

  async token(role) {
    return (await this.mustCtl(['token', '--role', role, '--user', 'uji'])).trim()
  }

  /** What the targets really hold. */
  async truth() {
    return (await fetch(`${this.simulatorUrl}/admin/truth`)).json()
  }

  /** Every request to the targets so far, newest first, as they noted it themselves. */
  async requests() {
    const list = await (await fetch(`${this.simulatorUrl}/admin/requests?limit=1000000`)).json()
    const { requests } = await (await fetch(`${this.simulatorUrl}/admin/stats`)).json()
    if (list.length !== requests) throw new Error(`of ${requests} requests the log has only ${list.length}`)
    return list
  }

  /** `refuse`, `hang`, `503` or `off`. */
  async outage(target, mode) {
    await this.post('/admin/outage', { target, mode })
  }

  async post(route, body) {
    const answer = await fetch(this.simulatorUrl + route, { method: 'POST', body: JSON.stringify(body) })
    if (!answer.ok) throw new Error(`${route}: ${answer.status}`)
  }

  async stop() {
    await this.server?.stop()
    await this.simulator?.stop()
    await rm(this.directory, { recursive: true, force: true })
  }
}

export function jsonLines(text) {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line))
}

/** The sample's targets as they are before anything is sent. */
export const sampleState = path.join(sample, 'targets.json')

/** A file as the portal exports it, verified unless said otherwise. */
export function exportedFile(id, name, changes = {}) {
  return {
    _id: { $oid: id },
    name,
    temadataset: 'Pendidikan',
    filename: `${id}.csv`,
    fileType: 'csv',
    isPublic: true,
    StatusVerifikasi: 'Sudah Verifikasi',
    metaData: {
      produsen: 'Dinas Pendidikan',
      cakupandata: 'Kabupaten',
      frekuensi: 'Tahunan',
      dimensidataset: 'Kecamatan',
      createdAt: { $date: '2025-01-01T00:00:00Z' },
      updatedAt: { $date: '2025-01-02T00:00:00Z' },
    },
    ...changes,
  }
}

// The built programs, and the client of clients/node connected to them.
import { connect } from '../../../clients/node/dist/index.js'
import { Stack, exportedFile } from '../browser/stack.mjs'

export { exportedFile, sampleState, until } from '../browser/stack.mjs'
export * from '../../../clients/node/dist/index.js'

/** Running programs and an Operator's client; both end with the test, or with all tests of the file. */
export class Service {
  /** @param options as Stack.start has them. */
  static async start(options = {}) {
    const service = new Service()
    service.stack = await Stack.start(options)
    service.tokens = { Operator: await service.stack.token('Operator') }
    service.client = service.connect()
    return service
  }

  connect(options = {}) {
    return connect({ address: this.stack.grpcAddress, token: this.tokens.Operator, language: 'en', ...options })
  }

  async token(role) {
    return (this.tokens[role] ??= await this.stack.token(role))
  }

  /** `count` verified files that SPLP takes. */
  async importFiles(count) {
    const files = Array.from({ length: count }, (_, at) => exportedFile(fileId(at), `Dataset nomor ${at}`))
    await this.stack.importLines(files)
  }

  /** How fast the simulated SPLP takes what is sent; 0: as fast as it comes. */
  async allowPerSecond(rate) {
    await this.stack.post('/admin/quota', { target: 'splp', per_second: rate })
  }

  async heldAtSplp() {
    const { splp } = await this.stack.truth()
    return Object.entries(splp).flatMap(([id, { held }]) => (held ? [id] : []))
  }

  async stop() {
    this.client?.close()
    await this.stack?.stop()
  }
}

export const fileId = (number) => `66f0${number.toString(16).padStart(20, '0')}`

// Sends one verified file and then all of them, and says what the targets hold, what was refused and whose turn it is.
//
//   TOKEN=$(build/release/bin/integrationctl --data-dir build/demo-data token --role Operator --user me) \
//     node clients/node/examples/sync.mjs 60e3b94e9f3ac417e25b0b1e
//
// SERVER is the address, 127.0.0.1:50051 unless said otherwise.
import { connect, Delivery_State, Failure_Owner, SatuDataError } from 'satudata-integration-client';

const { SERVER = '127.0.0.1:50051', TOKEN } = process.env;
const client = connect({ address: SERVER, token: TOKEN, language: 'en' });

/** @param {string} fileId */
async function syncOne(fileId) {
  for await (const { event } of client.syncFile({ fileId })) {
    if (event.case !== 'delivery') continue;
    const { target, state, failure } = event.value;
    console.log(`${target} ${Delivery_State[state]} ${failure?.message ?? ''}`.trimEnd());
  }
}

async function syncAll() {
  const { runId, state, counts } = await client.syncAll({}).result();
  console.log(`run ${runId}: ${state}`);
  for (const [target, states] of Object.entries(counts)) {
    for (const [name, count] of Object.entries(states))
      console.log(`${String(count).padStart(8)}  ${name} at ${target}`);
  }
}

async function showWhoseTurnItIs() {
  const { turns } = await client.getSummary({});
  for (const { owner, reason, target, count } of turns) {
    console.log(`${Failure_Owner[owner]} has ${count} files to look at for ${target}: ${reason}`);
  }
}

try {
  for (const fileId of process.argv.slice(2)) await syncOne(fileId);
  await syncAll();
  await showWhoseTurnItIs();
} catch (error) {
  if (!(error instanceof SatuDataError)) throw error;
  console.error(`${error.message} [${error.reason || error.code}]`);
  process.exitCode = 1;
} finally {
  client.close();
}

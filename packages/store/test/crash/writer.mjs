// Writes without end and says what it was told is safe; its parent kills it.
import { join } from 'node:path';
import { createFlowArchive, createStore } from '@flowpact/store';

const [directory, firstText] = process.argv.slice(2);
const startMs = Date.UTC(2026, 10, 22, 13);
// A small log, so that checkpoints are killed in the middle too.
const store = createStore({ directory, limits: { checkpointBytes: 256 * 1024 } });
const archive = createFlowArchive({ directory: join(directory, 'flows') });
await store.start();
await archive.start();
const say = (line) => process.stdout.write(`${line}\n`);

async function writeDetections() {
  for (let number = Number(firstText); ; number += 10) {
    const rows = Array.from({ length: 10 }, (_, i) => number + i);
    await Promise.all(
      rows.map(async (each) => {
        await store.addDetections([
          { timeMs: startMs + each, statement: 's', row: { each, padding: 'x'.repeat(1000) } },
        ]);
        say(`detection ${each}`);
      }),
    );
  }
}

async function writeFlows() {
  for (let flows = 0; ; ) {
    for (let i = 0; i < 1000; i++) archive.append({ flowStartMilliseconds: startMs, octetDeltaCount: 1 });
    flows += 1000;
    await archive.flush();
    say(`flows ${flows}`);
  }
}

await Promise.all([writeDetections(), writeFlows()]);

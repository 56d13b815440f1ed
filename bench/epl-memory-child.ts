/**
 * Measures one case in a process of its own: `node --expose-gc epl-memory-child.js ID` prints how many bytes the engine
 * keeps for each of its things, beside the events themselves, which are in memory before.
 */
import { compile, createRuntime, formatDiagnostic } from '@flowpact/epl';
import { memoryCases } from './epl-memory-cases.ts';

/** After all that nobody holds has gone: the heap, and the contents of typed arrays outside of it. */
function bytesUsed(): number {
  for (let i = 0; i < 3; i++) globalThis.gc?.();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

function main([id]: readonly string[]): void {
  const { epl, count } = memoryCases.find((other) => other.id === id)!;
  const result = compile(epl);
  if (!result.ok) throw new Error(result.diagnostics.map(formatDiagnostic).join('\n'));
  const { Instance } = result.module.eventTypes.find(({ name }) => name === 'E')!;
  const events = Array.from({ length: count }, (_, i) =>
    Object.assign(new Instance(), { k: `key-${i}`, x: i % 100, y: i }),
  );
  const runtime = createRuntime();
  const { statements } = runtime.deploy(result.module);
  runtime.onStatementError(({ error }) => {
    throw error;
  });
  const sender = runtime.sender('E');
  const before = bytesUsed();
  for (const event of events) sender.sendInstance(event);
  const bytesEach = (bytesUsed() - before) / events.length;
  // Asked after the measurement, so that nothing may go before. A running total alone counts as nothing.
  const retained = statements.reduce((sum, { counters }) => sum + counters.retained, 0);
  if (retained > 0 && retained < count) throw new Error(`${id}: only ${retained} of ${count} are kept`);
  console.log(bytesEach);
}

main(process.argv.slice(2));

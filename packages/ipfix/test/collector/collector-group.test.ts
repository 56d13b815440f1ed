import { afterEach, describe, expect, it } from 'vitest';
import {
  type Collector,
  createCollectorGroup,
  createTcpCollector,
  createUdpCollector,
  createUdpExporter,
} from '../../src/index.ts';
import { createSessionRecorder, someMessages } from './exporters.ts';

const started: { stop(): Promise<void> }[] = [];
afterEach(async () => {
  for (const component of started.splice(0)) await component.stop();
});

describe('createCollectorGroup', () => {
  it('listens on several ports and adds up what they counted', async () => {
    const recorder = createSessionRecorder();
    const group = createCollectorGroup([
      createUdpCollector({ port: 0 }, recorder),
      createUdpCollector({ port: 0 }, recorder),
      createTcpCollector({ port: 0 }, recorder),
    ]);
    started.push(group);
    const addresses = await group.start();
    expect(new Set(addresses.slice(0, 2).map(({ port }) => port)).size).toBe(2);
    for (const { port } of addresses.slice(0, 2)) {
      const exporter = createUdpExporter({ port });
      started.push(exporter);
      await exporter.start();
      await exporter.send(someMessages(1)[0]);
    }
    await recorder.until(() => group.stats.messages === 2);
    expect(group.stats).toMatchObject({ sessions: 2, openSessions: 2, messages: 2, bytes: 40 });
    await group.stop();
    expect(group.stats.openSessions).toBe(0);
  });

  it('starts all or none', async () => {
    const recorder = createSessionRecorder();
    const first = createTcpCollector({ port: 0 }, recorder);
    const taken = createTcpCollector({ port: 0 }, recorder);
    started.push(taken);
    const { port } = await taken.start();
    await expect(
      createCollectorGroup([first, createTcpCollector({ port }, recorder)]).start(),
    ).rejects.toMatchObject({
      code: 'IPFIX_IO',
    });
    // It is stopped: it can be started again.
    started.push(first);
    await first.start();
  });

  it('pauses and resumes all', () => {
    const calls: string[] = [];
    const fake = (name: string) =>
      ({
        pause: () => calls.push(`${name} pause`),
        resume: () => calls.push(`${name} resume`),
      }) as unknown as Collector;
    const group = createCollectorGroup([fake('a'), fake('b')]);
    group.pause();
    group.resume();
    expect(calls).toEqual(['a pause', 'b pause', 'a resume', 'b resume']);
  });
});

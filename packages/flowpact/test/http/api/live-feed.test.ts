import { describe, expect, it } from 'vitest';
import { createLiveFeed } from '../../../src/http/api/live-feed.ts';
import { tickSchema } from '../../../src/http/api/schema/tick-schema.ts';
import { createExampleSource, exampleDetection, exampleSummary } from './example-source.ts';

const config = { maxStreams: 2, maxStreamBacklogOctets: 1000, maxSample: 3, mayChange: false };

function createClient() {
  return {
    texts: [] as string[],
    ended: false,
    waitingOctets: 0,
    write(text: string) {
      this.texts.push(text);
    },
    end() {
      this.ended = true;
    },
    get ticks() {
      return this.texts.map((text) => tickSchema.parse(JSON.parse(text.split('data: ')[1])));
    },
  };
}

describe('the live feed', () => {
  it('counts everything and tells the latest few', async () => {
    const source = createExampleSource();
    const feed = createLiveFeed(config, { source });
    const client = createClient();
    feed.open(client);
    for (const subscriber of source.subscribers) {
      for (let i = 0; i < 1000; i++) subscriber.onDetections([exampleDetection({ id: String(i) })]);
      for (let i = 0; i < 5; i++) subscriber.onEvent({ ...exampleSummary, id: String(i) });
    }
    await feed.tick();
    await feed.tick();
    const [first, second] = client.ticks;
    expect(first.detections).toBe(1000);
    expect(first.sample.map(({ id }) => id)).toEqual(['999', '998', '997']);
    expect(first.events.map(({ id }) => id)).toEqual(['4', '3', '2']);
    expect(first.omittedEvents).toBe(2);
    expect(second).toMatchObject({ detections: 0, sample: [], events: [], omittedEvents: 0 });
  });

  it('leaves out ticks for a slow reader, says so, and holds up nobody', async () => {
    const feed = createLiveFeed(config, { source: createExampleSource() });
    const [slow, quick] = [createClient(), createClient()];
    feed.open(slow);
    feed.open(quick);
    slow.waitingOctets = 1001;
    await feed.tick();
    await feed.tick();
    slow.waitingOctets = 0;
    await feed.tick();
    await feed.tick();
    expect(slow.ticks.map(({ missedTicks }) => missedTicks)).toEqual([2, 0]);
    expect(quick.ticks.map(({ missedTicks }) => missedTicks)).toEqual([0, 0, 0, 0]);
  });

  it('has a bound of readers, and ends them when it stops', () => {
    const source = createExampleSource();
    const feed = createLiveFeed(config, { source });
    const [one, two] = [createClient(), createClient()];
    const close = feed.open(one);
    feed.open(two);
    expect(() => feed.open(createClient())).toThrow(/2 streams are open/);
    close();
    expect(feed.clients).toBe(1);
    feed.stop();
    expect([one.ended, two.ended, feed.clients, source.subscribers.size]).toEqual([false, true, 0, 0]);
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createEventStreamParser, type StreamEvent } from '../../src/api/event-stream-parser.ts';

function parse(parts: readonly string[]): StreamEvent[] {
  const events: StreamEvent[] = [];
  const take = createEventStreamParser((event) => events.push(event));
  for (const part of parts) take(part);
  return events;
}

describe('the parser of server-sent events', () => {
  it('reads names and data, and passes over comments, retry and blank events', () => {
    const text = 'retry: 3000\n\n: hello\nevent: tick\ndata: {"a":1}\n\ndata:x\ndata: y\n\nevent: empty\n\n';
    expect(parse([text])).toEqual([
      { event: 'tick', data: '{"a":1}' },
      { event: 'message', data: 'x\ny' },
    ]);
  });

  it('reads the same wherever the stream is cut', () => {
    const text = 'event: tick\r\ndata: {"a":1}\r\n\r\nevent: b\ndata: 2: 3\n\n';
    const whole = parse([text]);
    expect(whole).toHaveLength(2);
    fc.assert(
      fc.property(fc.array(fc.nat(text.length), { maxLength: 6 }), (cuts) => {
        const at = [0, ...cuts.sort((a, b) => a - b), text.length];
        const parts = at.slice(1).map((end, i) => text.slice(at[i], end));
        expect(parse(parts)).toEqual(whole);
      }),
    );
  });
});

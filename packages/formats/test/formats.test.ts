import { parseMessage } from '@flowpact/event';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { arbitraryMessage } from '../../event/test/arbitrary-message.ts';
import { detectFormat, FormatsError, findFormat, formats, transcode } from '../src/index.ts';
import { sampleMessage } from './sample-message.ts';
import { fieldAt, withoutFields } from './without-fields.ts';

describe.each(formats)('$name', (format) => {
  it('gives back any message, but for what the losses name', () => {
    fc.assert(
      fc.property(arbitraryMessage(), (message) => {
        const { bytes, losses } = format.encode(message);
        const decoded = format.decode(bytes);
        expect(decoded.losses).toEqual([]);
        expect(format.decodeAll(bytes)).toEqual([decoded]);
        parseMessage(decoded.message);
        const lost = losses.map(({ path }) => path);
        expect(withoutFields(decoded.message, lost)).toEqual(withoutFields(message, lost));
      }),
      { numRuns: 200 },
    );
  });

  it('names no loss of what came back', () => {
    fc.assert(
      fc.property(arbitraryMessage(), (message) => {
        const { bytes, losses } = format.encode(message);
        const { message: decoded } = format.decode(bytes);
        for (const { path } of losses)
          expect(fieldAt(decoded, path), path).not.toEqual(fieldAt(message, path));
      }),
      { numRuns: 100 },
    );
  });

  it('loses nothing where the format has a place for additional data', () => {
    const { losses } = format.encode(sampleMessage);
    if (format.name === 'json') expect(losses.length).toBeGreaterThan(0);
    else expect(losses).toEqual([]);
  });

  it('is detected in its own output, and no other format is', () => {
    const { bytes } = format.encode(sampleMessage);
    expect(detectFormat(bytes)?.name).toBe(format.name);
    expect(formats.filter((other) => other.recognises(bytes)).map(({ name }) => name)).toEqual([format.name]);
  });

  it('is found by its name', () => expect(findFormat(format.name)).toBe(format));

  it('reaches FLEX and comes back', () => {
    const { bytes } = format.encode(sampleMessage);
    const flex = transcode(bytes, { to: 'flex' });
    expect(flex.losses).toEqual({ reading: [], writing: [] });
    expect(transcode(flex.bytes, { from: 'flex', to: format.name }).bytes).toEqual(bytes);
  });

  it('refuses a document larger than maxBytes', () => {
    const { bytes } = format.encode(sampleMessage);
    const decode = () => format.decode(bytes, { maxBytes: bytes.length - 1 });
    expect(decode).toThrow(expect.objectContaining({ code: 'FORMATS_LIMIT' }));
  });
});

describe('the formats together', () => {
  it('say which ones there are when asked for another', () => {
    expect(() => findFormat('xml')).toThrow(/known: flex, .*json/);
    expect(() => findFormat('xml')).toThrow(FormatsError);
  });

  it('are not recognised in something else', () => {
    for (const text of ['', 'x', '{}', '[]', '<a/>', '{"aType"', 'null']) {
      expect(detectFormat(new TextEncoder().encode(text)), text).toBeUndefined();
      expect(() => transcode(new TextEncoder().encode(text), { to: 'flex' })).toThrow(
        expect.objectContaining({ code: 'FORMATS_UNDETECTED' }),
      );
    }
  });

  it('take no limit that is none', () => {
    const { bytes } = findFormat('json').encode(sampleMessage);
    expect(() => findFormat('json').decode(bytes, { maxBytes: -1 })).toThrow(FormatsError);
  });
});

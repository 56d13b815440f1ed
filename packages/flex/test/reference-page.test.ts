import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  decodeMessage,
  defaultFlexLimits,
  encodeMessage,
  flexFileExtension,
  flexMediaType,
} from '../src/index.ts';
import { hex, octets } from './der-octets.ts';

const page = readFileSync(new URL('../../../docs/reference/flex.md', import.meta.url), 'utf8');

describe('docs/reference/flex.md', () => {
  const listing = /```hex\n([\s\S]*?)```/.exec(page)![1];
  const bytes = octets(listing.replaceAll(/--.*/g, ''));

  it('has an example that says what the text beside it says', () => {
    const message = decodeMessage(bytes);
    expect(message).toStrictEqual({
      kind: 'alert',
      id: '42',
      sender: { name: 'isp-a.example' },
      createdMs: Date.parse('2026-01-01T12:00:00.5Z'),
      event: {
        type: 'cuC',
        confidence: 90,
        targets: [{ address: '198.51.100.6', ports: [{ low: 80 }], role: 'c2' }],
        flowSource: { protocol: 'netflow', version: 9 },
        flows: {
          layout: { columns: [8, 12, 2, 152].map((id) => ({ kind: 'iana', id })) },
          groups: [
            {
              relation: 'same-c2',
              rows: [
                [
                  Uint8Array.of(192, 0, 2, 1),
                  Uint8Array.of(198, 51, 100, 6),
                  5,
                  Date.parse('2026-01-01T12:00:00.123Z'),
                ],
              ],
            },
          ],
        },
      },
    });
    expect(hex(encodeMessage(message))).toBe(hex(bytes));
  });

  it('begins its mail with the same record', () => {
    const [begin] = /^YIG7.*$/m.exec(page)!;
    expect(Buffer.from(bytes).toString('base64').startsWith(begin)).toBe(true);
  });

  it('lists the limits, the media type and the file extension', () => {
    const listed = [...page.matchAll(/^\| `(max\w+)`\s*\| ([\d,]+)( MiB)?/gm)].map(
      ([, name, number, unit]) => [
        name,
        Number(number.replaceAll(',', '')) * (unit === undefined ? 1 : 2 ** 20),
      ],
    );
    expect(Object.fromEntries(listed)).toEqual(defaultFlexLimits);
    expect(page).toContain(`\`${flexMediaType}\`, a file of one is \`${flexFileExtension}\``);
  });
});

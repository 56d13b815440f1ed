import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { formats } from '../src/index.ts';
import { sampleMessage } from './sample-message.ts';

const folder = resolve(import.meta.dirname, '../../../docs/reference/formats/examples');

/** The examples of docs/reference/formats are made here: `npx vitest run packages/formats/test/reference-examples.test.ts -u`. */
describe('the examples of the reference', () => {
  it.each(formats.filter(({ name }) => name !== 'flex'))(
    '$name is what the encoder writes',
    async (format) => {
      const text = new TextDecoder().decode(format.encode(sampleMessage).bytes);
      const shown = text.startsWith('{') ? `${JSON.stringify(JSON.parse(text), null, 2)}\n` : text;
      const extension = { '{': '.json', '<': '.xml' }[text[0]] ?? '.eml';
      await expect(shown).toMatchFileSnapshot(`${folder}/alert.${format.name}${extension}`);
    },
  );

  it.each(formats)('$name reports what the encoder reports', async (format) => {
    const { losses, additional } = format.encode(sampleMessage);
    const report = `${JSON.stringify({ losses, additional }, null, 2)}\n`;
    await expect(report).toMatchFileSnapshot(`${folder}/alert.${format.name}.report.json`);
  });
});

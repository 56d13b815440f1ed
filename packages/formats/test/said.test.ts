import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { arbitraryMessage } from '../../event/test/arbitrary-message.ts';
import { ownDocumentLimits } from '../src/formats-limits.ts';
import { readIdea } from '../src/idea/read-idea.ts';
import { ideaMessage } from '../src/idea/write-idea.ts';
import { idmefParts } from '../src/idmef/idmef-format.ts';
import { iodef1, iodef2 } from '../src/iodef/iodef-dialect.ts';
import { iodefParts } from '../src/iodef/iodef-format.ts';
import { jsonMapping } from '../src/json/json-mapping.ts';
import { readMisp } from '../src/misp/read-misp.ts';
import { mispDocument } from '../src/misp/write-misp.ts';
import { readStix } from '../src/stix/read-stix.ts';
import { stixBundle } from '../src/stix/write-stix.ts';
import { xmlMapping } from '../src/xml/xml-mapping.ts';
import { sampleMessage } from './sample-message.ts';

const mappings = {
  idea: jsonMapping(ideaMessage, readIdea),
  idmef: xmlMapping(idmefParts),
  iodef1: xmlMapping(iodefParts(iodef1)),
  iodef2: xmlMapping(iodefParts(iodef2)),
  misp: jsonMapping(mispDocument, readMisp),
  stix: jsonMapping(stixBundle, readStix),
};

describe.each(Object.entries(mappings))('what a document of %s says', (_, mapping) => {
  it('is the same in memory and in octets', () => {
    fc.assert(
      fc.property(fc.oneof(fc.constant(sampleMessage), arbitraryMessage()), (message) => {
        const { tree } = mapping.read(mapping.write(message, []), ownDocumentLimits);
        const draft = mapping.draft?.(message);
        expect(draft?.tree).toEqual(tree);
        const additions = [{ path: 'sender.asn', value: 1 }];
        expect(draft?.write(additions)).toEqual(mapping.write(message, additions));
      }),
      { numRuns: 200 },
    );
  });
});

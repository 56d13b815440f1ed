import { describe, expect, it } from 'vitest';
import {
  createDecoderBudget,
  createFlowDecoder,
  type DecodeIssueCode,
  type DecoderBudgetConfig,
  type RecordReader,
} from '../../src/index.ts';
import { hex, messageOctets, setOctets, templateOctets } from './message-octets.ts';

function setUp(config: Partial<DecoderBudgetConfig> = {}) {
  const budget = createDecoderBudget(config);
  function openDecoder() {
    const codes: DecodeIssueCode[] = [];
    const onIssue = ({ code }: { readonly code: DecodeIssueCode }) => codes.push(code);
    const decoder = createFlowDecoder({}, { reader: { compile: () => undefined }, onIssue, budget });
    return { decoder, codes };
  }
  return { openDecoder, budget };
}

const template = (id: number) => setOctets(2, templateOctets(id, [[8, 4]]));

describe('a budget of many decoders', () => {
  it('bounds their templates together, and has room again when one is withdrawn or a decoder closed', () => {
    const { openDecoder } = setUp({ maxFields: 2 * (8 + 1) });
    const [a, b, c] = [openDecoder(), openDecoder(), openDecoder()];
    a.decoder.decode(messageOctets({}, template(256)));
    b.decoder.decode(messageOctets({}, template(256)));
    c.decoder.decode(messageOctets({}, template(256)));
    expect([a.codes, b.codes, c.codes]).toEqual([[], [], ['IPFIX_LIMIT_FIELDS']]);
    a.decoder.decode(messageOctets({}, setOctets(2, hex('0100 0000'))));
    c.decoder.decode(messageOctets({}, template(256)));
    expect(c.decoder.templates().length).toBe(1);
    b.decoder.close();
    a.decoder.decode(messageOctets({}, template(257)));
    expect(a.decoder.templates().length).toBe(1);
  });

  it('bounds their observation domains together', () => {
    const { openDecoder } = setUp({ maxDomains: 1 });
    const [a, b] = [openDecoder(), openDecoder()];
    a.decoder.decode(messageOctets({}));
    b.decoder.decode(messageOctets({}));
    expect(b.codes).toEqual(['IPFIX_LIMIT_DOMAINS']);
    expect(b.decoder.stats.refusedMessages).toBe(1);
    a.decoder.close();
    b.decoder.decode(messageOctets({}));
    expect(b.decoder.stats.domains.size).toBe(1);
  });

  it('bounds their parked data together: a session gives up its own oldest, but not those of others', () => {
    const { openDecoder } = setUp({ maxParkedBytes: 2 * (128 + 4) });
    const [a, b] = [openDecoder(), openDecoder()];
    const data = setOctets(300, [1, 2, 3, 4]);
    a.decoder.decode(messageOctets({}, data));
    b.decoder.decode(messageOctets({}, data, data));
    expect(b.decoder.stats).toMatchObject({ parkedSets: 2, expiredSets: 1, parkedBytes: 4 });
    expect(a.decoder.stats).toMatchObject({ parkedSets: 1, expiredSets: 0, parkedBytes: 4 });
    const late = openDecoder();
    late.decoder.decode(messageOctets({}, data));
    expect(late.decoder.stats).toMatchObject({ unknownTemplateSets: 1, parkedSets: 0, parkedBytes: 0 });
  });

  it('bounds the names that they learn together', () => {
    const { budget } = setUp({ maxLearnedNames: 1 });
    const names = setOctets(
      3,
      templateOctets(
        257,
        [
          [10, 4],
          [82, 1],
        ],
        1,
      ),
    );
    const flows = template(256);
    const nameSeenBy = (name: string) => {
      const seen: (string | undefined)[] = [];
      const reader: RecordReader = {
        compile: ({ kind }) =>
          kind === 'options'
            ? undefined
            : (_bytes, _start, _end, header) => seen.push(header.knowledge.names.interfaceName(5)),
      };
      const decoder = createFlowDecoder({}, { reader, budget });
      decoder.decode(
        messageOctets(
          {},
          names,
          setOctets(257, hex(`00000005 ${name}`)),
          flows,
          setOctets(256, [1, 2, 3, 4]),
        ),
      );
      return seen;
    };
    expect(nameSeenBy('61')).toEqual(['a']);
    expect(nameSeenBy('62')).toEqual([undefined]);
  });

  it.each(['maxDomains', 'maxFields', 'maxParkedBytes', 'maxLearnedNames'])('has a positive %s', (name) => {
    expect(() => createDecoderBudget({ [name]: 0 })).toThrow(
      expect.objectContaining({ code: 'IPFIX_BAD_CONFIG', message: expect.stringContaining(name) }),
    );
  });

  it('keeps a million template ids from made-up senders in bounds', () => {
    const { openDecoder } = setUp();
    const ids = Array.from({ length: 1000 }, (_, i) => templateOctets(256 + i, [[8, 4]])).flat();
    let kept = 0;
    let refused = 0;
    for (let sender = 0; sender < 125; sender++) {
      const { decoder } = openDecoder();
      for (let observationDomainId = 0; observationDomainId < 8; observationDomainId++) {
        decoder.decode(messageOctets({ observationDomainId }, setOctets(2, ids)));
      }
      kept += decoder.templates().length;
      refused += decoder.stats.refusedTemplates;
    }
    expect(kept + refused).toBe(1_000_000);
    expect(kept).toBe(Math.floor(524_288 / 9));
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseFilter } from '../../src/filter/parse-filter.ts';
import { compileFilter, IpfixError } from '../../src/index.ts';

const messageOf = (text: string) => {
  try {
    parseFilter(text);
  } catch (error) {
    expect(error).toBeInstanceOf(IpfixError);
    expect(error).toMatchObject({ code: 'IPFIX_BAD_FILTER' });
    return (error as Error).message;
  }
  throw new Error(`${text} is accepted`);
};

const number = (...ids: number[]) => ({ kind: 'element', elements: ids.map((id) => ({ pen: 0, id })) });
const equals = (quantity: object, ...values: (number | bigint)[]) => ({
  kind: 'compare',
  quantity,
  operator: '=',
  values,
});

describe('the filter language', () => {
  it('reads the example of the documentation', () => {
    expect(parseFilter('src net 10.0.0.0/8 and dst port 80 and proto tcp')).toEqual({
      kind: 'and',
      operands: [
        {
          kind: 'address',
          elements: [
            { pen: 0, id: 8 },
            { pen: 0, id: 27 },
          ],
          networks: [{ version: 4, address: 0x0a000000, prefixLength: 8 }],
        },
        equals(number(11, 181, 183), 80),
        equals(number(4), 6),
      ],
    });
  });

  it('lets not bind closer than and, and that closer than or', () => {
    const [tcp, udp, icmp] = [6, 17, 1].map((protocol) => equals(number(4), protocol));
    expect(parseFilter('tcp or not udp and icmp')).toEqual({
      kind: 'or',
      operands: [tcp, { kind: 'and', operands: [{ kind: 'not', operand: udp }, icmp] }],
    });
    expect(parseFilter('(tcp or udp) and icmp')).toEqual({
      kind: 'and',
      operands: [{ kind: 'or', operands: [tcp, udp] }, icmp],
    });
  });

  it('has the same test in many forms', () => {
    const same = (...texts: string[]) => {
      for (const text of texts) expect(parseFilter(text), text).toEqual(parseFilter(texts[0]));
    };
    same(
      'host 192.0.2.1',
      'ip 192.0.2.1',
      'src or dst host 192.0.2.1',
      '192.0.2.1',
      'ip in [192.0.2.1]',
      'IP 192.0.2.1/32',
    );
    same('net 10.0.0.0/8', 'net 10/8', 'net 10.0.0.0 255.0.0.0');
    same('proto udp', 'proto 17', 'udp', 'ip proto UDP', 'proto = 0x11');
    same(
      'port in [80 443]',
      'port [80, 443]',
      'port in [80,443]',
      'port = [ 80 443 ]',
      'src or dst port in [80 443]',
    );
    same('bytes > 1m', 'octets > 1000k', 'bytes gt 1000000', '# of a million\nbytes > 1M # at least');
    same('not tcp and udp', '! tcp && udp', '(not tcp) AND udp');
    same('', '  ', '# nothing', 'any');
    same('flags SA', 'flags AS', 'flags 18', 'flags = 0x12');
    same('ie protocolIdentifier 6', 'ie protocolIdentifier == 6');
  });

  it('keeps integers exact', () => {
    expect(parseFilter('bytes = 18446744073709551615')).toMatchObject({ values: [18446744073709551615n] });
    expect(parseFilter('bytes = 9t')).toMatchObject({ values: [9e12] });
    expect(parseFilter('ie flowStartSeconds > 2024-01-01')).toMatchObject({ values: [Date.UTC(2024, 0, 1)] });
  });

  it('can be compiled for any text of a test', () => {
    const { expression } = compileFilter('ie HTTPRequestURL contains "`$(x)\\"');
    expect(expression).toMatchObject({ values: ['`$(x)\\'] });
  });
});

describe('diagnostics of the filter language', () => {
  it('show the place', () => {
    expect(messageOf('src net 10.0.0.0/8 and\n  dst prot 80')).toBe(
      [
        'filter, line 2, column 7: "prot" is no test; did you mean "port"?',
        '    dst prot 80',
        '        ^^^^',
      ].join('\n'),
    );
  });

  it.each([
    ['tpc and port 80', '"tpc" is no test; did you mean "tcp"?'],
    ['port', 'a number after "port" is missing'],
    ['port http', 'a number after "port" is wanted here'],
    ['port in 80', 'a list such as [80 443] is wanted here'],
    ['port in [80', 'a number after "port" is missing'],
    ['port < [80 443]', 'a list can only be compared with = and !='],
    ['tcp udp', '"and" or "or" is wanted here, not "udp"'],
    ['(tcp', 'a closing parenthesis is missing'],
    ['tcp)', '"and" or "or" is wanted here, not ")"'],
    ['tcp and', 'a test is missing'],
    ['src', 'a test is missing'],
    ['src tcp', '"tcp" is no test'],
    ['net 10.0.0.256/8', 'an IP address or network is wanted here'],
    ['net 10.0.0.0/33', 'an IP address or network is wanted here'],
    ['net 10.0.0.0 255.0.255.0', '"and" or "or" is wanted here'],
    ['in port 80', '"if" is wanted after "in"'],
    ['next 10.0.0.1', '"ip" is wanted after "next"'],
    ['proto tpc', '"tpc" is no protocol known here: give its number; did you mean "tcp"?'],
    ['proto 256', '"256" is no protocol known here'],
    ['flags SQ', 'TCP flags are wanted here: letters of UAPRSFECX'],
    ['portrange 10', 'a range such as 1024-2047 is wanted here'],
    ['portrange 20-10', 'a range such as 1024-2047 is wanted here'],
    ['bytes > 99999999999999999999', 'a number is wanted here'],
    ['ie octetDeltacount > 1', 'no element is named "octetDeltacount"; did you mean "octetDeltaCount"?'],
    ['ie', 'the name of an element is missing'],
    ['ie sourceIPv4Address > 10.0.0.1', 'a ipv4Address can only be compared with = and !='],
    ['ie sourceIPv4Address ::1', 'an IPv4 address or network is wanted here'],
    ['ie octetDeltaCount contains 1', 'a unsigned64 contains nothing: only strings do'],
    ['ie basicList = 1', 'basicList is a basicList: filters cannot look into lists'],
    ['ie flowStartSeconds > yesterday', 'a value of type dateTimeSeconds is wanted here'],
    ['port "80', 'the text that begins here has no closing quote'],
    ['port 80 ;', 'the character ";" means nothing here'],
  ])('%s', (text, message) => {
    expect(messageOf(text)).toContain(message);
  });

  it('refuse what is too deep or too long', () => {
    expect(messageOf('('.repeat(1000))).toContain('nested deeper than 200');
    expect(messageOf('not '.repeat(1000))).toContain('nested deeper than 200');
    expect(messageOf(`port in [${'1 '.repeat(10_001)}]`)).toContain('more than 10000 values');
    expect(messageOf(' '.repeat(300_000))).toContain('more than 262144 characters');
    expect(messageOf(`${'any and '.repeat(500)}prot 80`).length).toBeLessThan(400);
  });

  it('are all that any text ends in', () => {
    const piece = fc.constantFrom(
      ...[
        'src',
        'dst',
        'port',
        'in',
        '[',
        ']',
        '(',
        ')',
        'not',
        'and',
        'or',
        '80',
        '10/8',
        'ie',
        'flags',
        '=',
        '"x"',
      ],
      ...['proto', 'tcp', 'net', '!', '::1', 'contains', 'HTTPRequestURL', '1-2', '\n', '#', ','],
    );
    const texts = fc.oneof(
      fc.string(),
      fc.array(piece, { maxLength: 12 }).map((all) => all.join(' ')),
    );
    fc.assert(
      fc.property(texts, (text) => {
        try {
          compileFilter(text);
        } catch (error) {
          expect(error).toMatchObject({ name: 'IpfixError', code: 'IPFIX_BAD_FILTER' });
        }
      }),
      { numRuns: 5000 },
    );
  });
});

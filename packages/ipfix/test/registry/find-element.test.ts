import { describe, expect, it } from 'vitest';
import { abstractDataTypes, findElement, findElementsByName } from '../../src/index.ts';
import { elementRows } from '../../src/registry/elements.generated.ts';
import { findIpfixcolElement } from '../../src/registry/find-ipfixcol-element.ts';

describe('findElement', () => {
  it('knows elements of IANA with all that is registered', () => {
    expect(findElement(0, 1)).toEqual({
      pen: 0,
      id: 1,
      name: 'octetDeltaCount',
      dataType: 'unsigned64',
      semantics: 'deltaCounter',
      units: 'octets',
      status: 'current',
    });
  });

  it('knows elements of enterprises and keeps them apart', () => {
    expect(findElement(39499, 2)?.name).toBe('httpUrl');
    expect(findElement(0, 2)?.name).toBe('packetDeltaCount');
    expect(findElement(12345, 2)).toBeUndefined();
  });

  it('names the reverse elements of biflows', () => {
    expect(findElement(29305, 1)).toMatchObject({ name: 'reverseOctetDeltaCount', dataType: 'unsigned64' });
    expect(findElementsByName('reverseTcpControlBits')).toEqual([findElement(29305, 6)]);
    expect(findElement(29305, 32000)).toBeUndefined();
  });

  it('does not mistake a number beyond 15 bits for an element of another enterprise', () => {
    expect(findElement(8, 32768 - 32768)).toBeUndefined();
    expect(findElement(0, 0)).toBeUndefined();
  });
});

describe('findElementsByName', () => {
  it('finds all enterprises that share a name, those that only IPFIXcol calls so as well', () => {
    const numbers = findElementsByName('HTTPRequestURL').map(({ pen, id }) => `${pen}:${id}`);
    expect(numbers.sort()).toEqual(['16982:502', '39499:2', '8057:802']);
    expect(findElementsByName('sourceIPv4Address')).toEqual([findElement(0, 8)]);
  });

  it('finds nothing for a name that nobody has', () => {
    expect(findElementsByName('noSuchElement')).toEqual([]);
    expect(findElementsByName('constructor')).toEqual([]);
  });
});

describe('the generated tables', () => {
  it('have each number once and only known data types', () => {
    expect(elementRows.length).toBe(1721);
    expect(new Set(elementRows.map(([pen, id]) => `${pen}:${id}`)).size).toBe(elementRows.length);
    for (const [, , name, dataType] of elementRows) expect(abstractDataTypes, name).toContain(dataType);
  });

  it("have IPFIXcol's own names", () => {
    expect(findIpfixcolElement(39499, 2)).toMatchObject({ name: 'HTTPRequestURL', dataType: 'string' });
    expect(findIpfixcolElement(0, 60)?.name).toBe('ipVersion');
    expect(findIpfixcolElement(29305, 1)).toBeUndefined();
  });
});

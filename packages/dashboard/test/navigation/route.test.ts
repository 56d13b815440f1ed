import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { narrowed } from '../../src/navigation/narrowed.ts';
import { incidentHash, mitigationHash, pages, parseRoute, routeHash } from '../../src/navigation/route.ts';

describe('routes', () => {
  it.each([
    ['', 'now'],
    ['#/', 'now'],
    ['#/nowhere', 'now'],
    ['#/incident', 'now'],
    ['#/flows', 'flows'],
  ])('%s is the page %s', (hash, page) => expect(parseRoute(hash).page).toBe(page));

  it('come back from the address as they were', () => {
    const query = fc.dictionary(
      fc.string({ minLength: 1 }).filter((key) => key !== '__proto__'),
      fc.string({ minLength: 1 }),
      { maxKeys: 4, noNullPrototype: true },
    );
    fc.assert(
      fc.property(fc.constantFrom(...pages.map(({ path }) => path)), query, (page, given) => {
        expect(parseRoute(routeHash({ page, query: given }))).toEqual({ page, subject: '', query: given });
      }),
    );
  });

  it('name the attacker, whatever it is called', () => {
    for (const attacker of ['203.0.113.7', '2001:db8::1', 'a/b?c#d%', '%']) {
      expect(parseRoute(incidentHash(attacker))).toEqual({ page: 'incident', subject: attacker, query: {} });
    }
    expect(parseRoute('#/incident/%').subject).toBe('%');
  });

  it('name the mitigation, and its page without one', () => {
    expect(parseRoute(mitigationHash('12'))).toEqual({ page: 'response', subject: '12', query: {} });
    expect(parseRoute('#/response/')).toEqual({ page: 'response', subject: '', query: {} });
  });

  it('leave out what is empty', () => {
    expect(routeHash({ page: 'flows', query: { filter: '', by: 'src' } })).toBe('#/flows?by=src');
  });
});

describe('a narrowed filter', () => {
  it.each([
    [undefined, 'src ip 192.0.2.1'],
    [' ', 'src ip 192.0.2.1'],
    ['tcp', 'tcp and src ip 192.0.2.1'],
    ['tcp or udp', '(tcp or udp\n) and src ip 192.0.2.1'],
    ['tcp # web', '(tcp # web\n) and src ip 192.0.2.1'],
    ['tcp and src ip 192.0.2.1', 'tcp and src ip 192.0.2.1'],
  ])('%j', (filter, text) => expect(narrowed(filter, 'src ip 192.0.2.1')).toBe(text));
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mailDate, timeOfMailDate } from '../../src/mail/mail-date.ts';

describe('dates of mails and reports', () => {
  it.each([
    ['Thu, 01 Jan 2026 12:00:00 +0000', '2026-01-01T12:00:00Z'],
    ['1 Jan 2026 12:00 +0100', '2026-01-01T11:00:00Z'],
    ['Thu,  3 Mar 2016 14:37:50 +0100 (CET)', '2016-03-03T13:37:50Z'],
    ['Thu, 29 Apr 2009 00:00:00 -0000 (EST)', '2009-04-29T00:00:00Z'],
    ['Thu, 9 Apr 2006 23:34:45 JST', '2006-04-09T14:34:45Z'],
    ['Thu, 8 Mar 2005 14:00:00 EDT', '2005-03-08T18:00:00Z'],
    ['29 Apr 09 00:00:00 GMT', '2009-04-29T00:00:00Z'],
    ['Sunday, 06-Nov-94 08:49:37 GMT', '1994-11-06T08:49:37Z'],
    ['Thu Feb 13 18:28:15 2014 +00:00 GMT', '2014-02-13T18:28:15Z'],
    ['Feb  3 2014 02:13:35 +0100', '2014-02-03T01:13:35Z'],
    ['2014-02-03 02:13:35', '2014-02-03T02:13:35Z'],
    ['2014-02-03 02:13:35 UTC', '2014-02-03T02:13:35Z'],
    ['2014-02-03T02:13:35.250+0100', '2014-02-03T01:13:35.250Z'],
    ['2014-02-03', '2014-02-03T00:00:00Z'],
    ['1392312505', '2014-02-13T17:28:25Z'],
    ['Tue, 19 Jul 2022 00:57:48 -0500 (CDT)', '2022-07-19T05:57:48Z'],
    ['Tue, 19 Jul 2022 00:57:48 XYZ', '2022-07-19T00:57:48Z'],
    ['31 Dec 2016 23:59:60 +0000', '2017-01-01T00:00:00Z'],
  ])('are read: %s', (text, iso) => expect(timeOfMailDate(text)).toBe(Date.parse(iso)));

  it.each([
    '',
    'yesterday',
    '30 Feb 2026 12:00:00 +0000',
    '1 Jan 2026',
    '1 Jan 2026 25:00:00',
    '12:00:00',
    'x'.repeat(300),
  ])('are not guessed: %j', (text) => expect(timeOfMailDate(text)).toBeUndefined());

  it('come back as they were written', () => {
    const seconds = fc.integer({ min: Date.UTC(1900, 0, 1) / 1000, max: Date.UTC(9999, 11, 31) / 1000 });
    fc.assert(
      fc.property(seconds, (value) => {
        expect(timeOfMailDate(mailDate(value * 1000))).toBe(value * 1000);
      }),
    );
  });
});

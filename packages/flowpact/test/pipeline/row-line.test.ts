import { afterEach, describe, expect, it } from 'vitest';
import { isoWithOffset, rowLine } from '../../src/pipeline/row-line.ts';

const zone = process.env.TZ;
afterEach(() => {
  if (zone === undefined) delete process.env.TZ;
  else process.env.TZ = zone;
});

describe('isoWithOffset', () => {
  // As java.time.format.DateTimeFormatter.ISO_OFFSET_DATE_TIME documents: the fraction has as many digits as needed.
  it.each([
    ['UTC', 1523546620892, '2018-04-12T15:23:40.892Z'],
    ['UTC', 1523546860920, '2018-04-12T15:27:40.92Z'],
    ['UTC', 1523546860000, '2018-04-12T15:27:40Z'],
    ['Europe/Prague', 1523546620892, '2018-04-12T17:23:40.892+02:00'],
    ['America/St_Johns', 1523546620005, '2018-04-12T12:53:40.005-02:30'],
    ['Europe/Prague', 1514764800000, '2018-01-01T01:00:00+01:00'],
  ])('%s', (timeZone, timeMs, text) => {
    process.env.TZ = timeZone;
    expect(isoWithOffset(timeMs)).toBe(text);
    expect(Date.parse(text)).toBe(timeMs);
  });
});

describe('rowLine', () => {
  it('is the row, then timestamp and type', () => {
    process.env.TZ = 'UTC';
    const row = { a: 'x"y', 'count(*)': 3, none: null };
    expect(rowLine({ name: 'Output', insertInto: 'Alarms' }, 0, row)).toBe(
      '{"a":"x\\"y","count(*)":3,"none":null,"timestamp":"1970-01-01T00:00:00Z","type":"Alarms"}',
    );
    expect(JSON.parse(rowLine({ name: 'Output', insertInto: undefined }, 0, row)).type).toBe('Output_result');
  });

  it('keeps integers exact that JSON readers would round', () => {
    const line = rowLine({ name: 's', insertInto: undefined }, 0, { octets: 2n ** 63n });
    expect(JSON.parse(line).octets).toBe('9223372036854775808');
  });
});

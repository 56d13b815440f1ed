import { describe, expect, it } from 'vitest';
import { FlowpactError } from '../../src/flowpact-error.ts';
import { parseHostPort, parseSocketUrl } from '../../src/input/socket-url.ts';

describe('parseSocketUrl', () => {
  it.each([
    ['udp://127.0.0.1:4444', { transport: 'udp', host: '127.0.0.1', port: 4444 }],
    ['tcp://[::1]:0', { transport: 'tcp', host: '::1', port: 0 }],
    ['udp://:4444', { transport: 'udp', host: '127.0.0.1', port: 4444 }],
    ['tcp://collector.example:4739', { transport: 'tcp', host: 'collector.example', port: 4739 }],
  ])('%s', (text, url) => expect(parseSocketUrl(text)).toEqual(url));

  it('leaves files alone', () => {
    expect(parseSocketUrl('out.ndjson')).toBeUndefined();
    expect(parseSocketUrl('-')).toBeUndefined();
  });
});

describe('parseHostPort', () => {
  it('takes a bare port', () =>
    expect(parseHostPort('4739', '127.0.0.1')).toEqual({ host: '127.0.0.1', port: 4739 }));

  it.each(['', 'x', '65536', '::1:4739', 'host:', 'host:-1', '1.5'])('refuses "%s"', (text) => {
    expect(() => parseHostPort(text, 'h')).toThrow(FlowpactError);
  });
});

import { describe, expect, it } from 'vitest';
import { parseOutputTarget } from '../../src/output/output-target.ts';

describe('parseOutputTarget', () => {
  it.each([
    ['-', { kind: 'standardOutput' }],
    ['a/b.ndjson', { kind: 'file', path: 'a/b.ndjson' }],
    ['udp://127.0.0.1:4444', { kind: 'lines', transport: 'udp', host: '127.0.0.1', port: 4444 }],
    ['TCP://[::1]:12345', { kind: 'lines', transport: 'tcp', host: '::1', port: 12345 }],
    ['tls://logs.example:5044', { kind: 'lines', transport: 'tls', host: 'logs.example', port: 5044 }],
    ['tcp-listen://127.0.0.1:0', { kind: 'lines', transport: 'tcp-listen', host: '127.0.0.1', port: 0 }],
    ['syslog://log.example', { kind: 'syslog', transport: 'udp', host: 'log.example', port: 514 }],
    ['syslog://[2001:db8::1]', { kind: 'syslog', transport: 'udp', host: '2001:db8::1', port: 514 }],
    ['syslog+tcp://log.example', { kind: 'syslog', transport: 'tcp', host: 'log.example', port: 601 }],
    ['syslog+tls://log.example', { kind: 'syslog', transport: 'tls', host: 'log.example', port: 6514 }],
    [
      'kafka://k1.example,k2.example:9192,[2001:db8::1]/flow.events',
      {
        kind: 'kafka',
        brokers: ['k1.example:9092', 'k2.example:9192', '[2001:db8::1]:9092'],
        topic: 'flow.events',
        isOverTls: false,
      },
    ],
    ['kafka+tls://k/t', { kind: 'kafka', brokers: ['k:9093'], topic: 't', isOverTls: true }],
    ['syslog+tls://log.example:1', { kind: 'syslog', transport: 'tls', host: 'log.example', port: 1 }],
  ])('%s', (text, target) => {
    expect(parseOutputTarget(text)).toEqual(target);
  });

  it.each([
    ['elasticsearch://es.example', 'elasticsearch', 'http://es.example:9200/'],
    ['elasticsearch://es.example:80', 'elasticsearch', 'http://es.example/'],
    ['elasticsearch+tls://es.example/es', 'elasticsearch', 'https://es.example:9200/es'],
    ['elasticsearch+tls://es.example:443/es', 'elasticsearch', 'https://es.example/es'],
    ['https://hooks.example/a?b=c', 'webhook', 'https://hooks.example/a?b=c'],
    ['http://[::1]:8080', 'webhook', 'http://[::1]:8080/'],
  ])('%s', (text, kind, href) => {
    const target = parseOutputTarget(text);
    expect({ kind: target.kind, href: 'base' in target ? target.base.href : '' }).toEqual({ kind, href });
  });

  it.each([
    'kafka://b:9092',
    'kafka://b/..',
    'kafka://b/a/b',
    'amqp://b:5672',
    'tcp://h',
    'tcp://h:99999',
    'elasticsearch://',
    'syslog://h:99999',
  ])('refuses %s', (text) => {
    expect(() => parseOutputTarget(text)).toThrow(expect.objectContaining({ code: 'FLOWPACT_USAGE' }));
  });

  it('takes no secret, and does not repeat it', () => {
    for (const text of ['https://user:s3cret@h/', 'elasticsearch://user:s3cret@h']) {
      expect(() => parseOutputTarget(text)).toThrow(/^(?!.*s3cret).*name a file with the secret/);
    }
  });
});

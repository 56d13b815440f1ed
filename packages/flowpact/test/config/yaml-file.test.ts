import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatConfigIssue } from '../../src/config/config-issue.ts';
import { daemonConfigSchema } from '../../src/config/daemon-config.ts';
import { readYaml } from '../../src/config/yaml-file.ts';

function issuesOf(text: string): string[] {
  const reading = readYaml(text, 'f.yaml', daemonConfigSchema);
  return reading.ok ? [] : reading.issues.map(formatConfigIssue);
}

describe('readYaml', () => {
  it('fills in defaults, also of an empty file', () => {
    const reading = readYaml('', 'f.yaml', daemonConfigSchema);
    expect(reading).toMatchObject({ ok: true, value: { stateDirectory: 'state', log: { level: 'info' } } });
  });

  it('tells the place of an unknown key, and the key that was meant', () => {
    const [issue] = issuesOf('log:\n  level: info\n  fromat: text\n');
    expect(issue).toBe(
      'f.yaml:3:3: log.fromat is not known; did you mean format? (known here: level, format)',
    );
  });

  it('tells every error of a file, each where it is', () => {
    const text =
      'collectors:\n  - listen: 4739\n  - listen: udp://h:99999\nmodules:\n  - file: a.epl\n    time: late\n';
    expect(issuesOf(text)).toEqual([
      'f.yaml:2:13: collectors[0].listen must be a string',
      expect.stringContaining('f.yaml:3:13: collectors[1].listen not a port'),
      'f.yaml:6:11: modules[0].time must be one of: flows, now',
    ]);
  });

  it('wants a certificate where TLS is listened for, and none elsewhere', () => {
    expect(issuesOf('collectors: [{listen: "tls://127.0.0.1:1"}]')).toHaveLength(2);
    expect(issuesOf('collectors: [{listen: "tcp://127.0.0.1:1", keyFile: k}]').join()).toContain(
      'goes with tls://',
    );
  });

  it('serves HTTP to nobody but this host', () => {
    for (const listen of ['0.0.0.0:80', '[::]:80', '192.0.2.1:80', 'example.org:80']) {
      expect(issuesOf(`http: {listen: "${listen}"}`).join()).toContain('loopback');
    }
    for (const listen of ['80', '127.0.0.1:80', '[::1]:80', 'localhost:80']) {
      expect(issuesOf(`http: {listen: "${listen}"}`)).toEqual([]);
    }
  });

  it('refuses aliases that stand for too much, two documents, and keys given twice', () => {
    const bomb = `a: &a [x,x,x,x,x,x,x,x,x]\n${[...'bcdefgh'].map((k, i) => `${k}: &${k} [${`*${'abcdefgh'[i]},`.repeat(9)}]`).join('\n')}`;
    expect(issuesOf(bomb)[0]).toContain('alias');
    expect(issuesOf('log: {}\nlog: {}')[0]).toContain('unique');
    expect(issuesOf('log: {}\n---\nlog: {}')[0]).toContain('f.yaml:2:1');
  });

  it('never throws, whatever the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'logcletrs:-[]{}&*!|>\'"#\n  0') }), (text) => {
        readYaml(text, 'f.yaml', daemonConfigSchema);
      }),
    );
  });
});

import { describe, expect, it } from 'vitest';
import { createLogger, type LogConfig } from '../../src/log/logger.ts';

function lines(config: LogConfig, isTTY: boolean): string[] {
  const written: string[] = [];
  const log = createLogger(config, { out: { write: (text) => written.push(text), isTTY } });
  log.debug('hidden');
  log.warn({ partner: 'isp-b.example', reason: 'no route', count: 2 }, 'it happened');
  return written;
}

describe('the log', () => {
  it('is JSON where nobody watches', () => {
    for (const config of [
      { level: 'info', format: 'auto' },
      { level: 'info', format: 'json' },
    ] as const) {
      const [line, ...others] = lines(config, config.format === 'json');
      expect(others).toEqual([]);
      expect(JSON.parse(line)).toMatchObject({
        level: 'warn',
        msg: 'it happened',
        count: 2,
        name: 'flowpact',
      });
    }
  });

  it('is for people on a terminal', () => {
    const [line] = lines({ level: 'info', format: 'auto' }, true);
    expect(line).toMatch(
      /^\d\d:\d\d:\d\d warn {2}it happened {2}partner=isp-b.example {2}reason="no route" {2}count=2\n$/,
    );
  });

  it('lets nobody from outside move the cursor', () => {
    const written: string[] = [];
    const log = createLogger(
      { level: 'info', format: 'text' },
      { out: { write: (text) => written.push(text) } },
    );
    log.warn({ reason: '\u001b[2Jx', more: '\u009b' }, 'first\nsecond\u001b[2J\r');
    const [line] = written;
    expect(line.replaceAll('\n', '')).not.toMatch(/\p{Cc}/u);
    expect(line).toContain('first\nsecond\ufffd[2J\ufffd');
    expect(line).toContain('reason="\\u001b[2Jx"');
  });

  it('says nothing below its level', () => {
    expect(lines({ level: 'silent', format: 'json' }, false)).toEqual([]);
    expect(lines({ level: 'debug', format: 'json' }, false)).toHaveLength(2);
  });
});

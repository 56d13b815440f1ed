import { join } from 'node:path';
import { createExabgpEmitter, type Rule } from '@flowpact/response';
import { describe, expect, it } from 'vitest';
import { startCli } from './run-cli.ts';
import { temporaryFolder } from './workspace.ts';

const folder = temporaryFolder();
const required = ['--socket', join(folder, 'agent.sock'), '--state', join(folder, 'state.json')];

describe('flowpact-exabgp', () => {
  it('announces what it is handed, and ends with ExaBGP', async () => {
    const running = startCli('flowpact-exabgp', [...required, '--min-ipv4', '26']);
    const commands: string[] = [];
    running.process.stdout.on('data', (text: Buffer) => {
      for (const command of text.toString().trim().split('\n')) {
        commands.push(command);
        running.process.stdin.write(command === 'version' ? 'exabgp 4.2.21\ndone\n' : 'done\n');
      }
    });
    await running.sees(/listens on/);
    const rule: Rule = { match: { destination: '192.0.2.10/32' }, action: { kind: 'blackhole' } };
    const emitter = createExabgpEmitter({ name: 'edge', socket: required[1] });
    await emitter.apply(rule, Date.now() + 60_000);
    const wide: Rule = { match: { destination: '192.0.2.0/25' }, action: { kind: 'drop' } };
    await expect(emitter.apply(wide, Date.now() + 60_000)).rejects.toThrow(
      '192.0.2.0/25 is shorter than /26',
    );
    running.process.stdin.write('shutdown\n');
    const { code, stderr } = await running.result;
    expect(commands).toEqual([
      'version',
      'announce route 192.0.2.10/32 next-hop 192.0.2.1 community [ 65535:666 65535:65281 ]',
    ]);
    expect(code).toBe(0);
    expect(stderr).toContain('ExaBGP shuts down');
  });

  it.each([
    ['--next-hop-ipv4', '192.0.2.1; shutdown'],
    ['--next-hop-ipv4', '100::1'],
    ['--next-hop-ipv6', '192.0.2.1'],
    ['--communities', '65535:666] shutdown'],
    ['--min-ipv4', '0'],
    ['--min-ipv6', '129'],
  ])('does not hand on to ExaBGP what is no %s: %s', async (option, value) => {
    const { code, stdout, stderr } = await startCli('flowpact-exabgp', [...required, option, value]).result;
    expect(stderr).toContain(option);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  });
});

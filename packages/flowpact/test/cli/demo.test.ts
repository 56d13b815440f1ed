import { describe, expect, it } from 'vitest';
import { runCli, startCli } from './run-cli.ts';

describe('flowpact demo', () => {
  it('finds the attack, tells the partner, and is answered; in a pipe it prints plain lines', async () => {
    const { code, stdout, stderr } = await runCli('flowpact', ['demo', '--speed', '400']);
    expect(code, stdout + stderr).toBe(0);
    expect(stderr).toBe('');
    // biome-ignore lint/suspicious/noControlCharactersInRegex: that there are none is what is tested
    expect(stdout).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f]/);
    expect(stdout).toMatch(/MultiStage: Attacker 203\.0\.113\.[0-9]+/);
    expect(stdout).toMatch(/mailed to isp-b\.example: [0-9,]+ bytes of FLEX/);
    expect(stdout).toMatch(/feedback from isp-b\.example: accepted/);
    expect(stdout.match(/^ok {4}/gm)?.length).toBe(7);
    expect(stdout).not.toContain('FAILED');
    expect(stdout).not.toContain('trouble');
  });

  it('has another attacker for another seed', async () => {
    const attackerOf = (stdout: string) => /^attacker +(.*)$/m.exec(stdout)?.[1];
    const [one, two] = await Promise.all(
      ['5', '6'].map((seed) => runCli('flowpact', ['demo', '--speed', '400', '--seed', seed])),
    );
    expect([one.code, two.code]).toEqual([0, 0]);
    expect(attackerOf(one.stdout)).not.toBe(attackerOf(two.stdout));
  });

  it('is ended by Ctrl-C', async () => {
    const demo = startCli('flowpact', ['demo', '--speed', '1']);
    demo.process.stdout.once('data', () => demo.process.kill('SIGINT'));
    expect((await demo.result).code).toBe(130);
  });
});

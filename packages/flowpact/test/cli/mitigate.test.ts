import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { securityEventFromJson } from '@flowpact/event';
import { createStore } from '@flowpact/store';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { createProgram } from '../../src/cli/program.ts';
import { type MitigateOptions, runMitigate } from '../../src/cli/run-mitigate.ts';
import { runCli } from './run-cli.ts';
import { temporaryFolder } from './workspace.ts';

const folder = temporaryFolder();
const file = join(folder, 'flows.ipfix');
const events = join(folder, 'events.ndjson');
const state = join(folder, 'state');
const module = resolve(import.meta.dirname, '../../../../rules/multi-stage-http/multi-stage-http.epl');

const flowpact = (...args: string[]) => runCli('flowpact', args);

beforeAll(async () => {
  await flowpact('generate', '-o', file);
  const { stdout } = await flowpact('detect', '-m', module, '-r', file, '--events');
  writeFileSync(events, stdout);
});

/** What the command prints, in this process. */
async function printed(given: MitigateOptions, event = events) {
  const lines: string[] = [];
  const log = vi.spyOn(console, 'log').mockImplementation((line: string) => void lines.push(line));
  try {
    await runMitigate(event, { ...given, json: true });
  } finally {
    log.mockRestore();
  }
  return lines.map((line) => JSON.parse(line));
}

describe('flowpact mitigate --dry-run', () => {
  const options = { dryRun: true, flows: [file], state: '/nowhere', window: 1, action: ['drop'], allow: [] };

  it('shows what rules against a detected attack would have hit in the files', async () => {
    const { stdout, stderr, code } = await flowpact('mitigate', events, '--dry-run', '--flows', file);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const { event, plans } = JSON.parse(stdout);
    const truth = JSON.parse(readFileSync(`${file}.truth.json`, 'utf8')).attacks[0];
    expect(event).toMatchObject({ type: 'bruteForce', sources: [{ address: truth.attackers[0] }] });
    expect(event.flows).toBeUndefined();
    const flows = truth.stages.reduce((sum: number, stage: { flows: number }) => sum + stage.flows, 0);
    expect(plans).toHaveLength(1);
    expect(plans[0].candidates[plans[0].chosen]).toMatchObject({
      rule: {
        match: { source: `${truth.attackers[0]}/32`, protocols: [6], destinationPorts: [{ low: 80 }] },
      },
      collateral: {
        attack: { hit: { flows } },
        others: { hit: { flows: 0 } },
        verdict: { isAcceptable: true },
      },
    });
  });

  it('does the same with what is kept, for events from standard input', async () => {
    expect(await flowpact('import', file, '--state', state)).toMatchObject({ code: 0 });
    const [fromFiles] = await printed(options);
    const input = readFileSync(events, 'utf8');
    const { stdout, stderr, code } = await runCli(
      'flowpact',
      ['mitigate', '-', '--dry-run', '--state', state],
      { input },
    );
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    // It looks at the half an hour before the event ended, files are looked at whole.
    const [kept, whole] = [JSON.parse(stdout), fromFiles].map(({ plans }) => plans[0].candidates);
    expect(kept[0].rule).toEqual(whole[0].rule);
    const { attack, others, fromMs, toMs } = kept[0].collateral;
    expect(toMs - fromMs).toBe(1_800_000);
    expect(attack.hit).toEqual(attack.all);
    expect(attack.all.flows).toBeGreaterThan(900);
    expect(attack.all.flows).toBeLessThan(whole[0].collateral.attack.all.flows);
    expect(others.hit.flows).toBe(0);
  });

  it('takes the number of a stored event, too', async () => {
    const event = securityEventFromJson(readFileSync(events, 'utf8').trim());
    const store = createStore({ directory: state });
    await store.start();
    const [number] = await store.addEvents([{ timeMs: Date.now(), event }]);
    await store.stop();
    const [found] = await printed({ ...options, flows: undefined, state }, String(number));
    expect(found).toMatchObject({ event: { type: 'bruteForce' }, plans: [{ chosen: 0 }] });
    await expect(runMitigate(String(number + 1), { ...options, state })).rejects.toMatchObject({
      code: 'FLOWPACT_INPUT',
      message: expect.stringMatching(/^there is no event \d+/),
    });
  });

  it('goes by the playbook of a configuration, its rails and its emitters', async () => {
    const config = join(folder, 'flowpact.yaml');
    const write = (type: string) =>
      writeFileSync(
        config,
        `stateDirectory: ${state}
response:
  playbook: [{ eventTypes: [${type}], level: approve, emitters: [edge], lifetimeSeconds: 600 }]
  emitters: [{ kind: exabgp, name: edge, socket: ./nowhere.sock }]
  rails: { allowList: [203.0.113.0/24] }
`,
      );
    write('bruteForce');
    const [{ plans }] = await printed({ ...options, config });
    expect(plans[0]).toMatchObject({ level: 'approve', lifetimeSeconds: 600 });
    expect(plans[0].candidates[0]).toMatchObject({
      emitter: 'edge',
      refusal: expect.stringMatching(/meets 203\.0\.113\.0\/24 of the allow list/),
    });
    write('scan');
    expect(await printed({ ...options, config })).toMatchObject([{ plans: [] }]);
    writeFileSync(config, `stateDirectory: ${state}\n`);
    await expect(runMitigate(events, { ...options, config })).rejects.toMatchObject({
      code: 'FLOWPACT_USAGE',
      message: expect.stringMatching(/configures no response/),
    });
  });

  it('leaves options of the same names to the commands below it', async () => {
    const program = createProgram();
    const mitigate = program.commands.find((command) => command.name() === 'mitigate');
    const list = mitigate?.commands.find((command) => command.name() === 'list');
    const seen: unknown[] = [];
    list?.action((given) => void seen.push(given));
    await program.parseAsync(['mitigate', 'list', '--state', 'proposed', '--json', '--config', 'x.yaml'], {
      from: 'user',
    });
    expect(seen).toEqual([{ state: 'proposed', json: true, config: 'x.yaml' }]);
  });

  it('refuses what meets the networks that no rule may touch', async () => {
    const args = [
      'mitigate',
      events,
      '--dry-run',
      '--flows',
      file,
      '--allow',
      '203.0.113.0/24',
      '--action',
      'drop,blackhole',
    ];
    const { stdout } = await flowpact(...args);
    for (const { refusal } of JSON.parse(stdout).plans[0].candidates) {
      expect(refusal).toMatch(/meets 203\.0\.113\.0\/24 of the allow list/);
    }
  });

  it.each([
    ['e.json', { dryRun: false }, 'FLOWPACT_USAGE', /say --dry-run/],
    ['/nowhere/e.json', {}, 'FLOWPACT_FILE', /cannot read \/nowhere\/e\.json/],
    ['7', {}, 'FLOWPACT_INPUT', /there is no state directory \/nowhere/],
    [events, { action: ['shout'] }, 'FLOWPACT_USAGE', /"shout" is nothing that a rule does/],
    [events, { allow: ['x'] }, 'RESPONSE_BAD_CONFIG', /allowList\[0\]/],
    [file, {}, 'FLOWPACT_INPUT', /flows\.ipfix: /],
  ])('ends with an error for %s and %j', async (event, given, code, message) => {
    await expect(runMitigate(event, { ...options, ...given })).rejects.toMatchObject({
      code,
      message: expect.stringMatching(message),
    });
  });
});

import { mitigationStates } from '@flowpact/response';
import { describe, expect, it } from 'vitest';
import { createProgram } from '../../src/cli/program.ts';
import { runList } from '../../src/cli/run-mitigations.ts';

describe('flowpact mitigate list', () => {
  it.each([
    ['bogus', '"bogus"'],
    ['confirmed,Applied', '"Applied"'],
    ['', '""'],
  ])('says which states there are where one is asked for that is none: %j', async (state, wrong) => {
    await expect(runList({ state, config: '/nowhere' })).rejects.toMatchObject({
      code: 'FLOWPACT_USAGE',
      message: `--state: ${wrong} is no state; there are ${mitigationStates.join(', ')}`,
    });
  });

  it('names all states in its help', () => {
    const mitigate = createProgram().commands.find((command) => command.name() === 'mitigate');
    const list = mitigate?.commands.find((command) => command.name() === 'list');
    expect(list?.helpInformation().replace(/\s+/g, ' ')).toContain(mitigationStates.join(', '));
  });
});

import { describe, expect, it } from 'vitest';
import { checkPlaybook } from '../../src/playbook/check-playbook.ts';
import type { Playbook, PlaybookEntry } from '../../src/playbook/playbook.ts';

const surroundings = { emitters: ['border', 'scrubber'], maxLifetimeSeconds: 86_400 };
const entry: PlaybookEntry = { level: 'approve', emitters: ['border'] };
const check = (playbook: unknown) => () => checkPlaybook(playbook as Playbook, surroundings);

describe('checkPlaybook', () => {
  it('lets pass what can work', () => {
    expect(check([])).not.toThrow();
    expect(
      check([
        { ...entry, eventTypes: ['scan'], minConfidence: 80, lifetimeSeconds: 600 },
        { level: 'off', emitters: [] },
        {
          ...entry,
          from: ['low', 'high'],
          asks: ['block'],
          actions: [{ kind: 'drop' }, { kind: 'blackhole' }],
        },
      ]),
    ).not.toThrow();
  });

  it.each([
    [{ eventTypes: ['scann'] }, /^playbook\[1\]\.eventTypes has "scann"; there are: cuC, dDoS,/],
    [{ eventTypes: [] }, /eventTypes is empty/],
    [{ from: ['everybody'] }, /from has "everybody"; there are: own, none/],
    [{ asks: ['shoot'], from: ['low'] }, /asks has "shoot"/],
    [{ asks: ['block'], from: ['own'] }, /asks is of requests alone/],
    [{ level: 'always' }, /level has "always"; there are: off, propose/],
    [{ emitters: ['nowhere'] }, /emitters has "nowhere"; there are: border, scrubber/],
    [{ emitters: [] }, /emitters is empty, so that nothing could be applied/],
    [{ minConfidence: 101 }, /minConfidence is 101/],
    [{ minConfidence: Number.NaN }, /minConfidence is NaN/],
    [{ lifetimeSeconds: 0 }, /lifetimeSeconds is 0/],
    [{ lifetimeSeconds: 86_401 }, /lifetimeSeconds is 86401; whole seconds from 1 to 86400/],
    [{ actions: [] }, /actions is empty/],
    [
      { actions: [{ kind: 'drop' }, { kind: 'redirect', routeTarget: 'there' }] },
      /actions\[1\] not a rule: "there" is no route target/,
    ],
    [{ actions: [{ kind: 'explode' }] }, /actions\[0\] not a rule: nothing can do "explode"/],
  ])('refuses %j', (wrong, message) => {
    expect(check([entry, { ...entry, ...wrong }])).toThrow(
      expect.objectContaining({ code: 'RESPONSE_BAD_CONFIG', message: expect.stringMatching(message) }),
    );
  });
});

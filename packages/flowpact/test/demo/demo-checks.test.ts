import type { Message, SecurityEvent } from '@flowpact/event';
import { describe, expect, it } from 'vitest';
import { checkDemo, type DemoObservations } from '../../src/demo/demo-checks.ts';
import type { GroundTruth } from '../../src/generate/traffic.ts';

const stage = { startMs: 0, endMs: 1, flows: 2 };
const truth: GroundTruth = {
  seed: 1,
  startMs: 0,
  durationMs: 1,
  background: { web: 0, dns: 0, icmp: 0, ssh: 0 },
  attacks: [
    {
      scenario: 'multi-stage-http',
      attackers: ['203.0.113.1'],
      stages: [
        { ...stage, stage: 'scan', targets: ['198.18.80.1', '198.18.80.2', '198.18.80.3'] },
        { ...stage, stage: 'bruteForce', targets: ['198.18.80.1', '198.18.80.2'] },
      ],
    },
  ],
};
const event = (source: string, ...targets: string[]): SecurityEvent => ({
  type: 'bruteForce',
  sources: [{ address: source }],
  targets: targets.map((address) => ({ address })),
});
const right = event('203.0.113.1', '198.18.80.1', '198.18.80.2');
const alert: Message = { kind: 'alert', id: '1', sender: { name: 'a.example' }, createdMs: 0, event: right };
const feedback: Message = {
  ...alert,
  kind: 'feedback',
  sender: { name: 'b.example' },
  conversation: { inReplyTo: { sender: 'a.example', id: '1' }, outcome: { status: 'accepted' } },
};
const good: DemoObservations = {
  flowsSent: 6,
  flowsCollected: 6,
  stagesSeen: new Map([
    ['PortScan', 1],
    ['LoginSearch', 2],
    ['BruteForce', 3],
  ]),
  events: [right],
  alertsSent: [alert],
  alertsReceived: [alert],
  feedbackReceived: [feedback],
};
const failed = (seen: Partial<DemoObservations>) =>
  checkDemo({ ...good, ...seen }, truth)
    .filter(({ passed }) => !passed)
    .map(({ what }) => what);

describe('checkDemo', () => {
  it('passes what is right', () => expect(failed({})).toEqual([]));

  it.each<[string, Partial<DemoObservations>, RegExp]>([
    ['a flow was lost', { flowsCollected: 5 }, /every flow collected/],
    ['nothing was found', { events: [] }, /the attack found/],
    [
      'a target is missing',
      { events: [event('203.0.113.1', '198.18.80.1')] },
      /exactly the 2 attacked servers/,
    ],
    [
      'a target too many',
      { events: [event('203.0.113.1', '198.18.80.1', '198.18.80.2', '198.18.80.3')] },
      /exactly the 2 attacked servers/,
    ],
    ['somebody else is accused', { events: [right, event('203.0.113.2', '198.18.80.1')] }, /nobody else/],
    ['nothing was delivered', { alertsReceived: [] }, /decoded by the partner/],
    ['it was decoded otherwise', { alertsReceived: [{ ...alert, createdMs: 1 }] }, /decoded by the partner/],
    [
      'nothing was sent',
      { alertsSent: [], alertsReceived: [], feedbackReceived: [] },
      /decoded by the partner/,
    ],
    ['nothing was answered', { feedbackReceived: [] }, /accepted/],
    [
      'something else was answered',
      { feedbackReceived: [{ ...feedback, conversation: { inReplyTo: { sender: 'a.example', id: '2' } } }] },
      /accepted/,
    ],
    [
      'it was rejected',
      {
        feedbackReceived: [
          { ...feedback, conversation: { ...feedback.conversation, outcome: { status: 'rejected' } } },
        ],
      },
      /accepted/,
    ],
  ])('notices that %s', (_what, seen, check) => {
    expect(failed(seen).join('; ')).toMatch(check);
  });
});

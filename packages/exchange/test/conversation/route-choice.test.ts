import { describe, expect, it } from 'vitest';
import { createRouteChoice } from '../../src/conversation/route-choice.ts';

const message = { sender: 'isp-a.example', id: '1' };
const other = { sender: 'isp-a.example', id: '2' };
const [mail, broker] = ['smtp', 'stomp'].map((transport) => ({ transport, address: 'b' })) as [
  { transport: string; address: string },
  { transport: string; address: string },
];
const routes = [mail, broker];

function choiceAt() {
  let nowMs = 1_000_000;
  const choice = createRouteChoice(
    { nextRouteAfterMs: 600, maxRetryMs: 100 },
    { clock: { now: () => nowMs } },
  );
  return {
    ...choice,
    later: (ms: number) => {
      nowMs += ms;
    },
  };
}

describe('the choice of a route', () => {
  it('stays with the first until that has failed for the stated time', () => {
    const choice = choiceAt();
    for (let failures = 0; failures < 6; failures++) {
      expect(choice.choose(message, routes)).toBe(mail);
      choice.failed(mail);
      choice.later(100);
    }
    choice.failed(mail);
    expect(choice.choose(message, routes)).toBe(broker);
  });

  it('counts from the first failure in a row', () => {
    const choice = choiceAt();
    choice.failed(mail);
    choice.later(599);
    choice.succeeded(mail);
    choice.failed(mail);
    choice.later(599);
    expect(choice.choose(message, routes)).toBe(mail);
  });

  it('tries once in a while whether the first works again, and goes back to it', () => {
    const choice = choiceAt();
    choice.failed(mail);
    choice.later(600);
    choice.failed(mail);
    expect(choice.choose(message, routes)).toBe(broker);
    choice.later(100);
    expect(choice.choose(message, routes)).toBe(mail);
    choice.failed(mail);
    expect(choice.choose(other, routes)).toBe(broker);
    choice.later(100);
    choice.succeeded(mail);
    expect(choice.choose(other, routes)).toBe(mail);
  });

  it('takes turns where none works', () => {
    const choice = choiceAt();
    choice.failed(mail);
    choice.failed(broker);
    choice.later(600);
    choice.failed(broker);
    choice.later(1);
    choice.failed(mail);
    expect(choice.choose(message, routes)).toBe(broker);
    choice.later(1);
    choice.failed(broker);
    expect(choice.choose(message, routes)).toBe(mail);
  });

  it('passes over what has refused this very message, until that is forgotten', () => {
    const choice = choiceAt();
    choice.refused(message, mail);
    expect(choice.choose(message, routes)).toBe(broker);
    expect(choice.choose(other, routes)).toBe(mail);
    choice.refused(message, broker);
    expect(choice.choose(message, routes)).toBeUndefined();
    choice.forget(message);
    expect(choice.choose(message, routes)).toBe(mail);
  });
});

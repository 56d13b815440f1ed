import { describe, expect, it } from 'vitest';
import { withLatest } from '../../src/live/live-list.ts';
import { type Polled, polling } from '../../src/live/polling.ts';

const items = (...ids: number[]) => ids.map((id) => ({ id: String(id) }));

describe('a list of the latest', () => {
  it('puts what is new in front, each once, and is cut', () => {
    expect(withLatest(items(3, 2, 1), items(5, 4, 3), 4)).toEqual(items(5, 4, 3, 2));
  });

  it('is the very same where there is nothing new', () => {
    const shown = items(1);
    expect(withLatest(shown, [], 4)).toBe(shown);
  });
});

function createScript<T>(answers: (() => T)[]) {
  const waiting: { ms: number; work: () => void }[] = [];
  const state = { isPaused: false, asked: 0, signal: undefined as AbortSignal | undefined };
  const store = polling(
    async (signal) => {
      state.asked++;
      state.signal = signal;
      return answers.shift()!();
    },
    2000,
    {
      after(ms, work) {
        const entry = { ms, work };
        waiting.push(entry);
        return () => void waiting.splice(waiting.indexOf(entry), 1);
      },
      isPaused: () => state.isPaused,
    },
  );
  const settle = async () => {
    for (let i = 0; i < 5; i++) await Promise.resolve();
  };
  const next = async () => {
    waiting.shift()?.work();
    await settle();
  };
  return { store, state, waiting, settle, next };
}

describe('polling', () => {
  it('asks while somebody looks, and keeps what it had where an answer fails', async () => {
    const { store, state, waiting, settle, next } = createScript([
      () => 1,
      () => {
        throw new Error('away');
      },
      () => 2,
    ]);
    expect(state.asked).toBe(0);
    let seen: Polled<number> = {};
    const stop = store.subscribe((value) => {
      seen = value;
    });
    await settle();
    expect(seen).toEqual({ data: 1 });
    expect(waiting.map(({ ms }) => ms)).toEqual([2000]);
    await next();
    expect(seen).toEqual({ data: 1, error: 'away' });
    await next();
    expect(seen).toEqual({ data: 2 });
    stop();
    expect(waiting).toEqual([]);
    expect(state.signal?.aborted).toBe(true);
  });

  it('asks at once where it is wanted, and again where an answer was under way', async () => {
    const { store, state, waiting, settle } = createScript([() => 1, () => 2, () => 3]);
    store.again(); // Nobody looks.
    expect(state.asked).toBe(0);
    let seen: Polled<number> = {};
    const stop = store.subscribe((value) => {
      seen = value;
    });
    store.again();
    expect(state.asked).toBe(1);
    await settle();
    await settle();
    expect([state.asked, seen.data, waiting.length]).toEqual([2, 2, 1]);
    store.again();
    await settle();
    expect([state.asked, seen.data, waiting.length]).toEqual([3, 3, 1]);
    stop();
    store.again();
    expect([state.asked, waiting.length]).toEqual([3, 0]);
  });

  it('asks nothing while it is paused, and goes on afterwards', async () => {
    const { store, state, settle, next } = createScript([() => 1]);
    state.isPaused = true;
    const stop = store.subscribe(() => undefined);
    await settle();
    await next();
    expect(state.asked).toBe(0);
    state.isPaused = false;
    await next();
    expect(state.asked).toBe(1);
    stop();
  });
});

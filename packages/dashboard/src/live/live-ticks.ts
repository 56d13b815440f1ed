import { get, type Readable, writable } from 'svelte/store';
import { ApiProblem } from '../api/api-client.ts';
import type { Tick } from '../api/api-types.ts';
import { createEventStreamParser } from '../api/event-stream-parser.ts';
import { api, isPaused } from '../page-context.ts';

export interface LiveState {
  /** The latest; undefined before the first. */
  readonly tick?: Tick;
  readonly connection: 'connecting' | 'open' | 'lost' | 'unauthorized';
}

const state = writable<LiveState>({ connection: 'connecting' });
const listeners = new Set<(tick: Tick) => void>();
const retryMs = 3000;
let controller = new AbortController();

export const live: Readable<LiveState> = state;

/** Hears every tick while the page is not paused. Returns what ends that. */
export function onTick(listener: (tick: Tick) => void): () => void {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}

/** Reads the stream, again after it has ended. A call while it runs begins anew, with the token of now. */
export async function readTicks(): Promise<void> {
  controller.abort();
  const own = new AbortController();
  controller = own;
  const parse = createEventStreamParser(({ event, data }) => {
    if (event !== 'tick' || get(isPaused)) return;
    const tick = JSON.parse(data) as Tick;
    state.set({ tick, connection: 'open' });
    for (const listener of listeners) listener(tick);
  });
  let connection: LiveState['connection'] = 'lost';
  try {
    const { body } = await api.open('stream', own.signal);
    state.update((last) => ({ ...last, connection: 'open' }));
    const reader = body!.pipeThrough(new TextDecoderStream()).getReader();
    for (let part = await reader.read(); !part.done; part = await reader.read()) parse(part.value);
  } catch (error) {
    if (error instanceof ApiProblem && error.status === 401) connection = 'unauthorized';
  }
  if (own.signal.aborted) return;
  state.update((last) => ({ ...last, connection }));
  if (connection === 'lost') setTimeout(() => own.signal.aborted || void readTicks(), retryMs);
}

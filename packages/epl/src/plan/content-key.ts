import type { Bound } from './expression.ts';

/** Whether a key stands for an array or an event by its content, as text. */
export const isContent = (key: Bound): key is Extract<Bound, { kind: 'call' }> =>
  key.kind === 'call' && key.function === 'key.content';

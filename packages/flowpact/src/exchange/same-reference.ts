import type { MessageRef } from '@flowpact/event';

/** Whether both name the same message. */
export const isSameReference = (a: MessageRef, b: MessageRef): boolean =>
  a.sender === b.sender && a.id === b.id;

import type { MessageRef } from '@flowpact/event';
import { FlowpactError } from '../flowpact-error.ts';

/** `SENDER/ID`; an ID alone is one of our own messages. */
export function parseMessageReference(text: string, ownName: string): MessageRef {
  const [, sender = ownName, id] = /^(?:(.+)\/)?([0-9]{1,100})$/.exec(text) ?? [];
  if (id !== undefined) return { sender, id };
  throw new FlowpactError(
    'FLOWPACT_USAGE',
    `"${text}" names no message: give SENDER/ID, as \`list\` prints it`,
  );
}

export const messageReferenceText = ({ sender, id }: MessageRef) => `${sender}/${id}`;

import { readUint32 } from '../message/network-byte-order.ts';

/** Messages exported in the same second; a message of an earlier one than its neighbours stays with them. */
export interface ExportSecond {
  /** Of the first message, seconds since 1970. */
  readonly exportTime: number;
  readonly messages: readonly Uint8Array[];
}

/** Most messages that are held back to find out how many a second has; longer seconds are cut there. */
const longestGroup = 65536;

export const exportTimeOf = (message: Uint8Array): number => readUint32(message, 4);

/** Groups messages by their export time: a group ends where a message has a later one. */
export async function* exportSecondsOf(
  batches: AsyncIterable<readonly Uint8Array[]>,
): AsyncGenerator<ExportSecond, void, void> {
  let exportTime = 0;
  let messages: Uint8Array[] = [];
  for await (const batch of batches) {
    for (const message of batch) {
      const time = exportTimeOf(message);
      if (messages.length > 0 && (time > exportTime || messages.length >= longestGroup)) {
        yield { exportTime, messages };
        messages = [];
      }
      if (messages.length === 0) exportTime = time;
      messages.push(message);
    }
  }
  if (messages.length > 0) yield { exportTime, messages };
}

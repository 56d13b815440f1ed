import type { RejectedEntry, Sent } from './sender.ts';

/**
 * Sends entries in parts: a request that is refused as a whole, because of its size or of something in it, is halved
 * until what is refused is a single entry, which is rejected.
 *
 * @param send resolves with the reason where a request was refused as a whole
 */
export async function splitRefused(
  entries: readonly string[],
  send: (entries: readonly string[]) => Promise<Sent | string>,
): Promise<Sent> {
  const parts: (readonly string[])[] = [entries];
  const rejected: RejectedEntry[] = [];
  for (let part = parts.pop(); part !== undefined; part = parts.pop()) {
    const sent = await send(part);
    if (typeof sent === 'string') {
      if (part.length === 1) rejected.push({ entry: part[0], reason: sent });
      else {
        const half = part.length >> 1;
        parts.push(part.slice(half), part.slice(0, half));
      }
      continue;
    }
    rejected.push(...sent.rejected);
    if (sent.unsent.length > 0) {
      // What is left waits for the next attempt, behind what of this part is unsent.
      return { ...sent, rejected, unsent: [...sent.unsent, ...parts.reverse().flat()] };
    }
  }
  return { rejected, unsent: [] };
}

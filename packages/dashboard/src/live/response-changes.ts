import { live } from './live-ticks.ts';

/** Calls back when there is something new of the response: the server counts its steps. Returns what ends that. */
export function onResponseChange(work: () => void): () => void {
  let seen: number | undefined;
  return live.subscribe(({ tick }) => {
    const changes = tick?.status.response?.changes;
    if (seen !== undefined && changes !== undefined && changes !== seen) work();
    seen = changes;
  });
}

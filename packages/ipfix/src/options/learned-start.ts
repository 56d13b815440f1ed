import type { OptionsRecord } from './options-record.ts';

/** When the exporter of an observation domain started, as its options data tell. */
export interface LearnedStart {
  /** @returns whether this is the first time that it is told */
  learn(record: OptionsRecord): boolean;
  /** Milliseconds since 1970. */
  systemInitTimeMs(): number | undefined;
}

export function createLearnedStart(): LearnedStart {
  let startMs: number | undefined;
  return {
    learn({ systemInitTimeMilliseconds }) {
      if (systemInitTimeMilliseconds === null) return false;
      const isFirst = startMs === undefined;
      startMs = systemInitTimeMilliseconds;
      return isFirst;
    },
    systemInitTimeMs: () => startMs,
  };
}

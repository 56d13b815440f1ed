import type { Subject } from '../../compile/evaluator.ts';
import { type JoinHost, JoinIndex } from './join-index.ts';

/** The indexes of all streams of a join: each is made once and kept up to date for all who look into it. */
export class JoinIndexes {
  private readonly host: JoinHost;
  private readonly byStream: readonly JoinIndex[][];

  constructor(streams: number, host: JoinHost) {
    this.host = host;
    this.byStream = Array.from({ length: streams }, () => []);
  }

  /** The index of that stream by those keys; without keys, all its events. */
  obtain(stream: number, keys: JoinIndex['plan']): JoinIndex {
    const known = this.byStream[stream].find(
      ({ plan }) => plan.length === keys.length && plan.every((key, i) => key === keys[i]),
    );
    if (known !== undefined) return known;
    const index = new JoinIndex(keys);
    this.byStream[stream].push(index);
    return index;
  }

  /** Any index of the stream; undefined where nothing looks into it. */
  any(stream: number): JoinIndex | undefined {
    return this.byStream[stream][0];
  }

  update(stream: number, entering: readonly Subject[], leaving: readonly Subject[]): void {
    for (const index of this.byStream[stream]) {
      for (const event of entering) index.add(event, this.host);
      for (const event of leaving) index.remove(event, this.host);
    }
  }
}

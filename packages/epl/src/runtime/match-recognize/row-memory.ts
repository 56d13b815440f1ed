import type { Subject } from '../../compile/evaluator.ts';
import type { History, WindowView } from '../../compile/history.ts';
import type { StateStream } from '../snapshot/state-stream.ts';

/** The last rows of one partition, for `prev` in definitions. */
export class RowMemory {
  private readonly rows: Subject[] = [];
  private readonly most: number;

  /** @param before how many rows before the newest are kept */
  constructor(before: number) {
    this.most = before + 1;
  }

  /** False where the oldest one made room. */
  add(row: Subject): boolean {
    this.rows.push(row);
    if (this.rows.length <= this.most) return true;
    this.rows.shift();
    return false;
  }

  get count(): number {
    return this.rows.length;
  }

  /** So many rows before the newest. */
  before(offset: number): Subject | undefined {
    return this.rows[this.rows.length - 1 - offset];
  }

  saveOrLoad(state: StateStream): void {
    const rows = state.events(this.rows, this.rows.length);
    if (state.loading) this.rows.splice(0, this.rows.length, ...rows);
  }
}

/** What definitions may ask for: the rows before the one that is tested, which is the newest of its partition. */
export class RowHistory implements History {
  memory: RowMemory | undefined;

  prior(_stream: number, _row: Subject, offset: number): Subject | undefined {
    return this.memory?.before(offset);
  }

  window(): WindowView {
    throw new Error('definitions see no data window');
  }
}

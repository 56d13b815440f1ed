import type { RowReceiver } from './row-outlet.ts';
import type { SelectHost } from './select-instance.ts';
import type { Row } from './statement.ts';

/** Several windows of one stream may post at one event or in one move of the clock: that is one delivery. */
export class RowGathering implements RowReceiver {
  private readonly host: SelectHost;
  private gathered: { readonly newRows: readonly Row[]; readonly oldRows: readonly Row[] } | undefined;

  constructor(host: SelectHost) {
    this.host = host;
  }

  get variables(): ReadonlyMap<string, unknown> {
    return this.host.variables;
  }

  get counters(): { rowsOut: number } {
    return this.host.counters;
  }

  insert(type: string, row: Row): void {
    this.host.insert(type, row);
  }

  report(newRows: readonly Row[], oldRows: readonly Row[]): void {
    const { gathered } = this;
    this.gathered =
      gathered === undefined
        ? { newRows, oldRows }
        : { newRows: [...gathered.newRows, ...newRows], oldRows: [...gathered.oldRows, ...oldRows] };
    this.host.markDirty();
  }

  /** Delivers what was gathered. */
  flush(): void {
    const { gathered } = this;
    if (gathered === undefined) return;
    this.gathered = undefined;
    this.host.report(gathered.newRows, gathered.oldRows);
  }
}

import type { FlowColumnDefinition, FlowColumnType } from './flow-columns.ts';

/**
 * A flow by the names of the archive's columns. Numbers for integers, for IPv4 addresses (unsigned) and for times
 * (milliseconds since 1970); 16 octets for IPv6 addresses; strings; null or left out where the flow has none.
 */
export type FlowRecord = { [column: string]: number | string | Uint8Array | null | undefined };

/** Rows of one DuckDB vector. */
export const batchRows = 2048;

export type ColumnValues =
  | Uint8Array
  | Uint16Array
  | Uint32Array
  | BigUint64Array
  | BigInt64Array
  | (Uint8Array | string | null)[];

/** Some flows by columns, laid out as DuckDB's own vectors are, so that a column goes over in one copy. */
export interface FlowRows {
  readonly rows: number;
  readonly columns: readonly {
    readonly values: ColumnValues;
    /** A bit a row, the lowest first: whether there is a value. Left out: there always is. */
    readonly valid?: BigUint64Array;
  }[];
}

/** Where flows become columns. */
export interface FlowBatch {
  readonly rows: number;
  /** Takes the flow; not more than {@link batchRows} of them until `take`. */
  append(record: object): void;
  /** What was appended; the batch is empty then. */
  take(): FlowRows;
}

export function createFlowBatch(columns: readonly FlowColumnDefinition[]): FlowBatch {
  const memories = columns.map(({ type }) => ({
    values: valuesOf(type),
    valid: new Uint32Array(batchRows / 32).fill(allValid),
  }));
  const store = compileStore(columns, memories);
  let rows = 0;

  return {
    get rows() {
      return rows;
    },
    append(record) {
      store(record, rows);
      rows++;
    },
    take() {
      const taken = memories.map(({ values, valid }) => {
        const copy = values.slice(0, rows) as ColumnValues;
        // What is not overwritten would keep strings alive, and stand for the next batch's missing ones.
        if (Array.isArray(values)) values.fill(null);
        if (valid.every((bits) => bits === allValid)) return { values: copy };
        const bits = new BigUint64Array(valid.slice(0, 2 * Math.ceil(rows / 64)).buffer);
        valid.fill(allValid);
        return { values: copy, valid: bits };
      });
      const result = { rows, columns: taken };
      rows = 0;
      return result;
    },
  };
}

const allValid = 0xffffffff;

function valuesOf(type: FlowColumnType): ColumnValues {
  switch (type) {
    case 'unsigned8':
      return new Uint8Array(batchRows);
    case 'unsigned16':
      return new Uint16Array(batchRows);
    case 'unsigned32':
    case 'ipv4Address':
      return new Uint32Array(batchRows);
    case 'unsigned64':
      return new BigUint64Array(batchRows);
    case 'dateTimeMilliseconds':
      return new BigInt64Array(batchRows);
    case 'ipv6Address':
    case 'string':
      return new Array(batchRows).fill(null);
    default:
      return type satisfies never;
  }
}

/**
 * One function that stores all columns of a flow. 64-bit values go in as two halves, low one first as every processor
 * that DuckDB runs on has them: making a bigint of each would cost more than all else here.
 */
function compileStore(
  columns: readonly FlowColumnDefinition[],
  memories: readonly { readonly values: ColumnValues; readonly valid: Uint32Array }[],
): (record: object, row: number) => void {
  const arrays = memories.map(({ values }) =>
    values instanceof BigUint64Array || values instanceof BigInt64Array
      ? new Uint32Array(values.buffer)
      : values,
  );
  const statements = columns.map(({ name, type }, i) => {
    const isWide = type === 'unsigned64' || type === 'dateTimeMilliseconds';
    const assignment = isWide
      ? `a${i}[2 * row] = value; a${i}[2 * row + 1] = value / 4294967296;`
      : `a${i}[row] = value;`;
    // An exporter may send any 64 bits for a time.
    const isAbsurd = type === 'dateTimeMilliseconds' ? ' || !(value >= 0 && value < 253402300800000)' : '';
    return `value = record[${JSON.stringify(name)}];
if (value === null || value === undefined${isAbsurd}) v${i}[row >>> 5] &= ~(1 << (row & 31)); else { ${assignment} }`;
  });
  const names = columns.map((_, i) => `const a${i} = arrays[${i}], v${i} = valid[${i}];`).join('\n');
  return new Function(
    'arrays',
    'valid',
    `"use strict";\n${names}\nreturn (record, row) => {\nlet value;\n${statements.join('\n')}\n};`,
  )(
    arrays,
    memories.map(({ valid }) => valid),
  );
}

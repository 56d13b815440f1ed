import type { FlowColumn } from '@flowpact/event';
import type { JsonReading } from '../json/json-reading.ts';
import { columnOfWord, columnWord } from '../model/flow-columns.ts';
import { isList, isRecord, type Json, present, sameJson } from '../model/message-json.ts';
import { valueOfNetflow } from './misp-netflow.ts';
import type { ReadObject } from './misp-reading.ts';

interface Group {
  /** Undefined: those that any of the flows has, in the order in which they were seen. */
  readonly columns: readonly FlowColumn[] | undefined;
  readonly words: ReadonlySet<string> | undefined;
  readonly relation: Json | undefined;
  readonly rows: ReadonlyMap<string, Json>[];
  readonly size: number;
}

/** As many as FLEX decoders accept by default. */
const maxColumns = 4_096;

/** Collects `netflow` objects into the groups that were announced; those beyond are a group of their own. */
export class FlowGroups {
  readonly #groups: Group[] = [];
  readonly #reading: JsonReading;
  #filled = 0;

  constructor(reading: JsonReading) {
    this.#reading = reading;
  }

  /** `{"columns":[…],"rows":2,"relation":…}` */
  begin(announced: Json): void {
    const { columns, rows, relation } = isRecord(announced) ? announced : {};
    const words = isList(columns ?? null) ? (columns as readonly Json[]).slice(0, maxColumns) : [];
    const read = words.map((word) => (typeof word === 'string' ? columnOfWord(word) : undefined));
    const isKnown = typeof rows === 'number' && read.every((column) => column !== undefined);
    if (!isKnown || words.length === 0) {
      this.#reading.lose('Event.Attribute', 'dropped', 'not a group of flows');
      return;
    }
    this.#groups.push({
      columns: read,
      words: new Set(read.map(columnWord)),
      relation: typeof relation === 'string' ? relation : undefined,
      rows: [],
      size: rows,
    });
  }

  add({ attributes }: ReadObject): void {
    while (this.#filled < this.#groups.length && isFull(this.#groups[this.#filled])) this.#filled++;
    const group = this.#groups[this.#filled] ?? this.#own();
    const row = new Map<string, Json>();
    for (const { relation, type, value } of attributes) {
      if (relation === undefined) continue;
      const read = valueOfNetflow(relation, type, value, group.words);
      if (read === undefined) {
        this.#reading.lose(`netflow.${relation}`, 'dropped', `not read: ${value.slice(0, 60)}`);
      } else if (!row.has(read[0])) row.set(...read);
    }
    group.rows.push(row);
  }

  /** The flow table in JSON form: the first group gives it its columns, another one has its own where they differ. */
  table(): Json | undefined {
    if (this.#groups.length === 0) return undefined;
    const groups = this.#groups.map((group) => ({ group, columns: group.columns ?? columnsOf(group.rows) }));
    const json = (columns: readonly FlowColumn[]): Json => columns.map((column): Json => ({ ...column }));
    const common = json(groups[0].columns);
    return {
      layout: { columns: common },
      groups: groups.map(({ group: { rows, relation }, columns }): Json => {
        const own = json(columns);
        const words = columns.map(columnWord);
        const layout = sameJson(own, common) ? undefined : { columns: own };
        return {
          ...present({ relation, layout }),
          rows: rows.map((row) => words.map((word) => row.get(word) ?? null)),
        };
      }),
    };
  }

  #own(): Group {
    const group: Group = {
      columns: undefined,
      words: undefined,
      relation: undefined,
      rows: [],
      size: Number.POSITIVE_INFINITY,
    };
    this.#groups.push(group);
    return group;
  }
}

function isFull({ rows, size }: Group): boolean {
  return rows.length >= size;
}

function columnsOf(rows: readonly ReadonlyMap<string, Json>[]): readonly FlowColumn[] {
  const words = new Set(rows.flatMap((row) => [...row.keys()]));
  return [...words].map((word) => columnOfWord(word) ?? { kind: 'named', name: word });
}

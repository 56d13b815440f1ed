import type { ByteWriter } from './byte-writer.ts';
import type { ObjectTableWriter } from './object-table-writer.ts';
import type { TextTable } from './text-table.ts';
import { isPacked, valueTag } from './value-tag.ts';

/** Writes values one after the other into some bytes. */
export class ValueWriter {
  readonly into: ByteWriter;
  private readonly texts: TextTable;
  private readonly objects: ObjectTableWriter;
  private lastObject = -1;

  constructor(into: ByteWriter, texts: TextTable, objects: ObjectTableWriter) {
    this.into = into;
    this.texts = texts;
    this.objects = objects;
  }

  write(value: unknown): void {
    const { into } = this;
    switch (typeof value) {
      case 'number':
        this.number(value);
        break;
      case 'string':
        into.byte(valueTag.text);
        into.unsigned(this.texts.numberOf(value));
        break;
      case 'boolean':
        into.byte(value ? valueTag.true : valueTag.false);
        break;
      case 'undefined':
        into.byte(valueTag.undefined);
        break;
      case 'bigint':
        into.byte(valueTag.bigint);
        into.unsigned(this.texts.numberOf(value.toString(36)));
        break;
      case 'object':
        if (value === null) into.byte(valueTag.null);
        else this.object(this.objects.numberOf(value));
        break;
      case 'function':
      case 'symbol':
        this.objects.refuse(`a ${typeof value}`);
        into.byte(valueTag.null);
        break;
    }
  }

  number(value: number): void {
    const { into } = this;
    if (!isPacked(value)) {
      into.byte(valueTag.double);
      into.double(value);
    } else if (value >= 0 && value < 256 - valueTag.small) into.byte(valueTag.small + value);
    else {
      into.byte(valueTag.integer);
      into.signed(value);
    }
  }

  private object(number: number | undefined): void {
    const { into } = this;
    if (number === undefined) into.byte(valueTag.null);
    else if (number === this.lastObject + 1) into.byte(valueTag.nextObject);
    else {
      into.byte(valueTag.object);
      into.unsigned(number);
    }
    if (number !== undefined) this.lastObject = number;
  }
}

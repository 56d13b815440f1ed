import type { Loss } from '../format.ts';
import type { Json } from '../model/message-json.ts';
import { asText } from '../model/values.ts';
import type { YamlValue } from '../yaml/parse-yaml.ts';

/** The keys of a report, told apart without regard to case; those that nobody takes are properties of the event. */
export class ReportReading {
  readonly #left: (readonly [string, YamlValue])[];
  readonly #losses: Loss[];

  constructor(fields: readonly (readonly [string, YamlValue])[], losses: Loss[]) {
    this.#left = fields.filter(([, value]) => value !== null && value !== '');
    this.#losses = losses;
  }

  /** The first value of this key, as text; one that `read` does not understand is reported as lost. */
  take<T>(key: string, read: (text: string) => T | undefined): T | undefined {
    const at = this.#left.findIndex(([name]) => name.toLowerCase() === key.toLowerCase());
    if (at < 0) return undefined;
    const [[, value]] = this.#left.splice(at, 1);
    const text = typeof value === 'object' ? undefined : asText(String(value)).trim();
    const result = text === undefined ? undefined : read(text);
    if (result === undefined)
      this.lose(
        key,
        'dropped',
        `not read: ${text === undefined ? 'not one value' : JSON.stringify(text.slice(0, 60))}`,
      );
    return result;
  }

  text(key: string): string | undefined {
    return this.take(key, (text) => text || undefined);
  }

  lose(path: string, effect: Loss['effect'], note: string): void {
    this.#losses.push({ path, effect, note });
  }

  properties(): readonly Json[] {
    return this.#left.flatMap(([key, value]) => {
      const json = jsonOf(value);
      if (json !== undefined) return [{ name: asText(key), value: json }];
      this.lose(key, 'dropped', 'not a value of a property');
      return [];
    });
  }
}

/** As deep as the model has lists in lists. */
const maxListNesting = 15;

/** In the message's JSON form; undefined for what is no value of a property. */
function jsonOf(value: YamlValue, nesting = 0): Json | undefined {
  switch (typeof value) {
    case 'string':
      return asText(value);
    case 'bigint':
      return integerOf(value);
    case 'number':
      return Number.isFinite(value) ? value + 0 || 0 : { $number: String(value) };
    case 'boolean':
      return value;
    default: {
      if (value === null) return null;
      if (!Array.isArray(value) || nesting >= maxListNesting) return undefined;
      const items = (value as readonly YamlValue[]).map((item) => jsonOf(item, nesting + 1));
      return items.every((item) => item !== undefined) ? items : undefined;
    }
  }
}

function integerOf(value: bigint): Json | undefined {
  const number = Number(value);
  if (Number.isSafeInteger(number)) return number;
  const digits = value.toString();
  return digits.length <= 150 ? { $integer: digits } : undefined;
}

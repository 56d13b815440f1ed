import { z } from 'zod';

/** The part of JSON Schema that zod makes of our configuration. */
export interface ConfigShape {
  readonly type?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly properties?: Readonly<Record<string, ConfigShape>>;
  readonly required?: readonly string[];
  readonly items?: ConfigShape;
  readonly anyOf?: readonly ConfigShape[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly minimum?: number;
  readonly maximum?: number;
}

/** What a configuration file may hold, as JSON Schema (2020-12), before defaults are filled in. */
export function configShape(schema: z.ZodType): ConfigShape {
  return z.toJSONSchema(schema, { io: 'input' }) as ConfigShape;
}

/** The keys that are known at a place. */
export function knownKeys(shape: ConfigShape, path: readonly PropertyKey[]): string[] {
  const found = path.reduce<readonly ConfigShape[]>(
    (shapes, step) =>
      shapes.flatMap((each) =>
        alternatives(each).flatMap(
          ({ items, properties }) => (typeof step === 'number' ? items : properties?.[String(step)]) ?? [],
        ),
      ),
    [shape],
  );
  return [...new Set(found.flatMap(alternatives).flatMap(({ properties = {} }) => Object.keys(properties)))];
}

/** The shape and those it is a choice of. */
export function alternatives(shape: ConfigShape): ConfigShape[] {
  return [shape, ...(shape.anyOf ?? []).flatMap(alternatives)];
}

import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Ajv, type ValidateFunction } from 'ajv';
import addFormats from 'ajv-formats';

export const schemaFolder = resolve(import.meta.dirname, '../../../../../shared/schemas/xarf-v0.1');
export const hasSchemas = existsSync(schemaFolder);

/** The published schemas are of draft 02: a property is required unless it says `optional`. */
interface Draft02 {
  readonly properties: Readonly<Record<string, { readonly optional?: boolean; readonly requires?: string }>>;
}

/** What the schema that a report names says against it; undefined where it is not among those of ../shared. */
export function faultsBySchema(report: Readonly<Record<string, unknown>>): unknown[] | undefined {
  const url = new URL(String(report['Schema-URL']));
  const file = join(schemaFolder, url.pathname.split('/').at(-1) as string);
  if (!existsSync(file)) return undefined;
  const validate = validators.get(file) ?? validatorOf(file);
  validators.set(file, validate);
  return validate(report) ? [] : (validate.errors ?? []);
}

const validators = new Map<string, ValidateFunction>();

function validatorOf(file: string): ValidateFunction {
  const { properties } = JSON.parse(readFileSync(file, 'utf8')) as Draft02;
  const ajv = new Ajv({ strict: false, allErrors: true });
  addFormats.default(ajv as never);
  ajv.addFormat('ip-address', { type: 'string', validate: (text: string) => /^[0-9.]+$/.test(text) });
  return ajv.compile({
    type: 'object',
    properties: Object.fromEntries(
      Object.entries(properties).map(([name, { optional, requires, ...rest }]) => [name, rest]),
    ),
    required: Object.keys(properties).filter((name) => properties[name].optional !== true),
    dependencies: Object.fromEntries(
      Object.entries(properties).flatMap(([name, { requires }]) => (requires ? [[name, [requires]]] : [])),
    ),
  });
}

import { IpfixError } from '../ipfix-error.ts';

/**
 * A class whose objects have these properties in this order, all null: one hidden class for the records of all
 * templates. The names may be any strings but `__proto__`.
 *
 * @throws IpfixError `IPFIX_BAD_CONFIG` for `__proto__` or a name given twice
 */
export function createRecordClass(names: readonly string[]): new () => Record<string, unknown> {
  checkPropertyNames(names);
  const assignments = names.map((name) => `this[${JSON.stringify(name)}] = null;`).join('\n');
  return new Function(`"use strict";\nreturn class FlowRecord { constructor() {\n${assignments}\n} };`)();
}

export function checkPropertyNames(names: readonly string[]): void {
  const seen = new Set<string>();
  for (const name of names) {
    // Assigning to __proto__ would change what kind of object a record is.
    if (name === '__proto__') throw new IpfixError('IPFIX_BAD_CONFIG', 'a field cannot be named "__proto__"');
    if (seen.has(name))
      throw new IpfixError('IPFIX_BAD_CONFIG', `two fields are named ${JSON.stringify(name)}`);
    seen.add(name);
  }
}

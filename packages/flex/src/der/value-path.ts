/**
 * Where in a record the codec is: field names and indexes. The codec pushes and pops; nothing is joined to a text
 * before an error needs it.
 */
export type ValuePath = (string | number)[];

/** E.g. `detection.sources[0].address`. */
export function formatPath(path: readonly (string | number)[]): string {
  let text = '';
  for (const step of path) {
    if (typeof step === 'number') text += `[${step}]`;
    else text += text === '' ? step : `.${step}`;
  }
  return text;
}

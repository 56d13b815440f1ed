import { z } from 'zod';

/** Whether a string is Unicode text, without half surrogate pairs: only such a string has a UTF-8 form. */
export function isText(value: string): boolean {
  return !/\p{Surrogate}/u.test(value);
}

/** A string that every format can carry. */
export const textSchema = z.string().refine(isText, 'not Unicode text: half a surrogate pair');

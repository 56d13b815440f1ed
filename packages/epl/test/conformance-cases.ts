import { existsSync, readdirSync, readFileSync } from 'node:fs';
import type { Case } from '../conformance/run-case.ts';

const folder = new URL('../../../../shared/epl/cases/', import.meta.url);

/** Whether the cases are not here. */
export const casesAbsent = !existsSync(folder);

export const readCases = (): readonly Case[] =>
  casesAbsent
    ? []
    : readdirSync(folder).flatMap((part) =>
        readdirSync(new URL(`${part}/`, folder)).map(
          (file): Case => JSON.parse(readFileSync(new URL(`${part}/${file}`, folder), 'utf8')),
        ),
      );

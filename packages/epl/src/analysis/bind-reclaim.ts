import type { Annotation } from '../annotation.ts';
import type { ReclaimPlan, SelectPlan } from '../plan/plan.ts';
import { closestName } from '../syntax/closest-name.ts';
import { Fault } from '../syntax/fault.ts';
import type { Span } from '../syntax/source.ts';
import { isNumeric } from './types.ts';
import type { UserLibrary } from './user-library.ts';

/**
 * `@Hint('reclaim_group_aged=10,reclaim_group_freq=5')`: undefined without it, and where windows let events go, so that
 * groups end by themselves. @throws Fault where a value is no length of time
 */
export function bindReclaim(
  annotations: readonly Annotation[],
  { inputs, groupBy, groupingSets, join, intoTable }: SelectPlan,
  library: UserLibrary,
  place: Span,
): ReclaimPlan | undefined {
  const hints = new Map(annotations.flatMap(hintsOf));
  const aged = hints.get('reclaim_group_aged');
  if (aged === undefined || groupBy.length === 0) return undefined;
  if (groupingSets !== undefined)
    throw new Fault(
      'EPL_VALUE',
      "the groups of a rollup are not given up: leave 'reclaim_group_aged' out",
      place,
    );
  const agedSec = secondsOf('reclaim_group_aged', aged, library, place);
  const frequency = hints.get('reclaim_group_freq');
  const everySec =
    frequency === undefined ? agedSec : secondsOf('reclaim_group_freq', frequency, library, place);
  const leaves = join !== undefined || intoTable !== undefined || inputs[0].window !== undefined;
  return leaves ? undefined : { agedSec, everySec };
}

/** The hints of the annotation, by their names in lower case. */
function hintsOf({ name, value }: Annotation): (readonly [string, string])[] {
  if (name.toLowerCase() !== 'hint' || typeof value !== 'string') return [];
  return value.split(',').map((hint) => {
    const [word, given = ''] = hint.split('=').map((part) => part.trim());
    return [word.toLowerCase(), given];
  });
}

function secondsOf(hint: string, given: string, { variables }: UserLibrary, place: Span): number | string {
  const variable = variables.get(given);
  if (variable !== undefined && isNumeric(variable.type)) return given;
  const seconds = given === '' ? Number.NaN : Number(given);
  if (seconds > 0 && Number.isFinite(seconds)) return seconds;
  const message = `the hint '${hint}' is a number of seconds above 0, or a variable that holds one, not '${given}'`;
  throw new Fault('EPL_VALUE', message, place, closestName(given, variables.keys()));
}

import { ResponseError } from '../response-error.ts';
import { normalRule } from '../rule/normal-rule.ts';
import type { Rule } from '../rule/rule.ts';

/** A rule from outside, in its one spelling. @throws ResponseError `RESPONSE_BAD_RULE`. */
export function ruleFromJson(value: unknown): Rule {
  try {
    return normalRule(value as Rule);
  } catch (error) {
    if (error instanceof ResponseError) throw error;
    // Members that are not there, or not what they should be.
    throw new ResponseError('RESPONSE_BAD_RULE', 'not a rule: it has no match, no action, or no lists', {
      cause: error,
    });
  }
}

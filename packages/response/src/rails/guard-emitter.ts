import type { Emitter } from '../emitter/emitter.ts';
import type { GuardedEmitter } from './guarded-emitter.ts';
import type { Rails } from './rails.ts';

/**
 * Puts an emitter behind the rails. They are checked when `apply` is called, after everything else and at once with
 * counting the rule, so that nothing comes in between; what the emitter gets is the rule that was checked.
 */
export function guardEmitter(emitter: Emitter, rails: Rails): GuardedEmitter {
  const objection: Emitter['objection'] = (rule) => emitter.objection(rule);
  return {
    name: emitter.name,
    kind: emitter.kind,
    objection,
    start: () => emitter.start(),
    stop: () => emitter.stop(),
    inForce: () => emitter.inForce(),
    async apply(order) {
      // Also where the emitter then fails, it counts: it may be in force all the same.
      const { rule, untilMs } = rails.pass(emitter.name, order, objection);
      await emitter.apply(rule, untilMs);
    },
    async withdraw(given) {
      const { rule, released } = rails.release(emitter.name, given);
      await emitter.withdraw(rule);
      released();
    },
  };
}

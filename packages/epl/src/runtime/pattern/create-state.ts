import type { PatternNodeProgram } from '../../compile/pattern-program.ts';
import { AndState, OrState } from './connective-state.ts';
import { EveryDistinctState } from './every-distinct-state.ts';
import { EveryState } from './every-state.ts';
import { FilterState } from './filter-state.ts';
import { FollowedByState } from './followed-by-state.ts';
import { WhileState, WithinState } from './guard-state.ts';
import { GuardedFilterState } from './guarded-filter-state.ts';
import { NotState } from './not-state.ts';
import { AtState, IntervalState, ScheduleState } from './observer-state.ts';
import type { PatternContext, PatternParent, PatternState } from './pattern-state.ts';
import { RepeatState } from './repeat-state.ts';

/** A state of the node, not yet started. */
export function createState(
  program: PatternNodeProgram,
  parent: PatternParent,
  place: number,
  context: PatternContext,
): PatternState {
  switch (program.kind) {
    case 'filter':
      return new FilterState(parent, place, program.filter, context);
    case 'followed-by':
      return new FollowedByState(parent, place, program, context);
    case 'and':
      return new AndState(parent, place, program.operands, context);
    case 'or':
      return new OrState(parent, place, program.operands, context);
    case 'every':
      return new EveryState(parent, place, program.operand, context);
    case 'not':
      return new NotState(parent, place, program.operand, context);
    case 'every-distinct':
      return new EveryDistinctState(parent, place, program, context);
    case 'repeat':
      return new RepeatState(parent, place, program, context);
    case 'within':
      if (program.operand.kind === 'filter' && program.most === undefined) {
        const { filter } = program.operand;
        return new GuardedFilterState(parent, place, filter, program.duration, context);
      }
      return new WithinState(parent, place, program, context);
    case 'while':
      return new WhileState(parent, place, program, context);
    case 'interval':
      return new IntervalState(parent, place, program.duration, context);
    case 'at':
      return new AtState(parent, place, program.schedule, context);
    case 'schedule':
      return new ScheduleState(parent, place, program.schedule, context);
    default:
      return program satisfies never;
  }
}

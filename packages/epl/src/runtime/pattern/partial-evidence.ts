import type { Subject } from '../../compile/evaluator.ts';
import { attachEvidence, balance, baseEvents } from '../evidence.ts';
import type { Row } from '../statement.ts';

/** Lets a partial match carry the base events of all that it was made of, at most so many. */
export function unionEvidence(partial: Subject, parts: readonly Subject[], most: number): void {
  attachEvidence(partial as Row, balance(parts.map(baseEvents), most));
}

import type { BoundPrevious, BoundPrior } from '../plan/expression.ts';
import type { Evaluator, Subject } from './evaluator.ts';

/** What `prev` may see of a data window while an event of it is looked at. */
export interface WindowView {
  readonly count: number;
  /** The event so many places before the given one; of a sliding window, before the newest. */
  before(event: Subject, distance: number): Subject | undefined;
  /** The event so many places behind the oldest. */
  fromOldest(distance: number): Subject | undefined;
  /** Newest first. */
  newestFirst(): readonly Subject[];
  /** Events on their way out see nothing of the window; one that comes and leaves at once sees it on its way in. */
  isLeaving(event: Subject, isNew: boolean): boolean;
}

/** The events that a statement remembers besides those in hand, by stream. */
export interface History {
  /** The window, or of a grouped window the part, that the event belongs to. */
  window(stream: number, event: Subject): WindowView;
  /** The event that came so many places before the given one. */
  prior(stream: number, event: Subject, offset: number): Subject | undefined;
}

export function previous(
  node: BoundPrevious,
  index: Evaluator,
  value: Evaluator,
  joined: boolean,
): Evaluator {
  const { stream } = node;
  const eventOf = (subject: Subject): Subject =>
    joined ? (subject as unknown as readonly Subject[])[stream] : subject;
  return (subject, group, environment) => {
    const event = eventOf(subject);
    const view = environment.history!.window(stream, event);
    if (view.isLeaving(event, environment.isNew)) return null;
    const read = (other: Subject | undefined): unknown =>
      other === undefined ? null : value(other, null, environment);
    switch (node.function) {
      case 'prevcount':
        return view.count;
      case 'prevwindow':
        return view.newestFirst().map(read);
      case 'prev':
      case 'prevtail': {
        const at = index(subject, group, environment);
        if (typeof at !== 'number') return null;
        return read(node.function === 'prev' ? view.before(event, at) : view.fromOldest(at));
      }
      default:
        return node.function satisfies never;
    }
  };
}

export function prior(node: BoundPrior, value: Evaluator, joined: boolean): Evaluator {
  const { stream, offset } = node;
  return (subject, _group, environment) => {
    const event = joined ? (subject as unknown as readonly Subject[])[stream] : subject;
    const other = environment.history!.prior(stream, event, offset);
    return other === undefined ? null : value(other, null, environment);
  };
}

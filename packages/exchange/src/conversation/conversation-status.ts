import type { ConversationState, ConversationTurn } from './conversation-state.ts';

/** The last alert or request that still counts, where no feedback of the other side answers it. */
export function openQuestion(turns: readonly ConversationTurn[]): ConversationTurn | undefined {
  const question = lastQuestion(turns);
  return question?.isAnswered === true ? undefined : question;
}

export function statusOf(
  turns: readonly ConversationTurn[],
  nowMs: number,
  answerWithinMs: number,
): ConversationState['status'] {
  const open = openQuestion(turns);
  if (open !== undefined) {
    const mayBeOverdue = open.direction === 'out' && open.delivery !== 'failed';
    return mayBeOverdue && nowMs >= open.atMs + answerWithinMs ? 'overdue' : 'open';
  }
  const hasQuestions = turns.some(({ kind }) => kind !== 'feedback');
  const isWithdrawn = hasQuestions
    ? lastQuestion(turns) === undefined
    : turns.at(-1)?.outcome?.status === 'withdrawn';
  return isWithdrawn ? 'withdrawn' : 'answered';
}

function lastQuestion(turns: readonly ConversationTurn[]): ConversationTurn | undefined {
  return turns.findLast(({ kind, supersededBy }) => kind !== 'feedback' && supersededBy === undefined);
}

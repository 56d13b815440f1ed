import type { ConversationState, ConversationTurn } from './conversation-state.ts';

/** The last alert or request that still counts, where no feedback of the other side answers it. */
export function openQuestion(turns: readonly ConversationTurn[]): ConversationTurn | undefined {
  const question = lastQuestion(turns);
  return question?.isAnswered === true ? undefined : question;
}

/** Whether a question is one of ours that the other side could have answered. */
export function isWaitedFor(question: ConversationTurn): boolean {
  return question.direction === 'out' && question.delivery !== 'failed' && question.mayBeAnswered !== false;
}

export function statusOf(
  turns: readonly ConversationTurn[],
  nowMs: number,
  answerWithinMs: number,
): ConversationState['status'] {
  const open = openQuestion(turns);
  if (open !== undefined) {
    return isWaitedFor(open) && nowMs >= open.atMs + answerWithinMs ? 'overdue' : 'open';
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

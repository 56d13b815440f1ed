import { ResponseError } from '../../response-error.ts';
import type { KeptRule } from '../kept-rules.ts';
import { ruleFromJson } from '../rule-from-json.ts';
import type { ExabgpAgent } from './exabgp-agent.ts';

/** A line of JSON asks, a line of JSON answers, and the connection ends. Octets at most in a question. */
export const maxQuestionOctets = 65_536;

export type AgentQuestion =
  | { readonly ask: 'apply'; readonly rule: unknown; readonly untilMs: unknown }
  | { readonly ask: 'withdraw'; readonly rule: unknown }
  | { readonly ask: 'inForce' };

export type AgentAnswer =
  | { readonly ok: true; readonly inForce?: readonly KeptRule[] }
  | { readonly ok: false; readonly error: string };

/** What an agent says to a line; never rejects. */
export async function answerTo(agent: ExabgpAgent, line: string): Promise<AgentAnswer> {
  try {
    return await answer(agent, JSON.parse(line) as AgentQuestion);
  } catch (error) {
    if (error instanceof ResponseError || error instanceof SyntaxError || error instanceof TypeError) {
      return { ok: false, error: error.message };
    }
    return { ok: false, error: `the agent failed: ${String(error)}` };
  }
}

async function answer(agent: ExabgpAgent, question: AgentQuestion): Promise<AgentAnswer> {
  switch (question.ask) {
    case 'apply':
      await agent.apply(ruleFromJson(question.rule), question.untilMs as number);
      return { ok: true };
    case 'withdraw':
      await agent.withdraw(ruleFromJson(question.rule));
      return { ok: true };
    case 'inForce':
      return { ok: true, inForce: await agent.inForce() };
    default:
      question satisfies never;
      return { ok: false, error: 'ask for apply, withdraw or inForce' };
  }
}

/** @throws ResponseError `RESPONSE_EMITTER_FAILED` for anything else than an answer. */
export function parseAgentAnswer(line: string): AgentAnswer {
  try {
    const parsed = JSON.parse(line) as AgentAnswer;
    if (parsed.ok !== true) return { ok: false, error: String(parsed.error) };
    const inForce = parsed.inForce?.map(({ rule, untilMs }) => ({ rule: ruleFromJson(rule), untilMs }));
    return { ok: true, ...(inForce === undefined ? {} : { inForce }) };
  } catch (cause) {
    throw new ResponseError('RESPONSE_EMITTER_FAILED', `exabgp: the agent answers "${line.slice(0, 200)}"`, {
      cause,
    });
  }
}

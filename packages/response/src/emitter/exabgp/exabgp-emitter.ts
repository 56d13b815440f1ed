import { connect } from 'node:net';
import { ResponseError } from '../../response-error.ts';
import type { Emitter } from '../emitter.ts';
import { type AgentAnswer, type AgentQuestion, parseAgentAnswer } from './agent-protocol.ts';
import { exabgpObjection } from './exabgp-agent.ts';

export interface ExabgpEmitterConfig {
  /** Its name in the configuration. */
  readonly name: string;
  /** The UNIX socket of `flowpact-exabgp`, which ExaBGP runs. */
  readonly socket: string;
  /** For each question. Default 15,000. */
  readonly timeoutMs?: number;
}

/** Octets at most in an answer: 10,000 rules of 1,600 octets. */
const maxAnswerOctets = 16 * 2 ** 20;

/** Rules to ExaBGP, as flow specifications (RFC 8955, RFC 8956) and blackholes (RFC 7999). They end there by themselves. */
export function createExabgpEmitter(config: ExabgpEmitterConfig): Emitter {
  const { name, socket: path, timeoutMs = 15_000 } = config;

  function ask(question: AgentQuestion): Promise<Extract<AgentAnswer, { ok: true }>> {
    return new Promise((resolve, reject) => {
      let text = '';
      const socket = connect(path);
      const fail = (why: string, cause?: unknown): void => {
        socket.destroy();
        reject(new ResponseError('RESPONSE_EMITTER_FAILED', `${name}: ${question.ask}: ${why}`, { cause }));
      };
      socket.setEncoding('utf8');
      socket.setTimeout(timeoutMs, () => fail(`no answer from ${path} in ${timeoutMs} ms`));
      socket.on('error', (error) => fail(`${path}: ${error.message}; is ExaBGP running?`, error));
      socket.on('data', (part: string) => {
        text += part;
        if (text.length > maxAnswerOctets) fail(`${path} answers more than ${maxAnswerOctets} octets`);
      });
      socket.on('close', () => {
        if (!text.endsWith('\n')) return fail(`${path} ended without an answer`);
        try {
          const answer = parseAgentAnswer(text);
          if (answer.ok) resolve(answer);
          else fail(answer.error);
        } catch (error) {
          reject(error);
        }
      });
      socket.on('connect', () => socket.write(`${JSON.stringify(question)}\n`));
    });
  }

  return {
    name,
    kind: 'exabgp',
    objection: exabgpObjection,
    start: async () => {},
    stop: async () => {},
    async apply(rule, untilMs) {
      await ask({ ask: 'apply', rule, untilMs });
    },
    async withdraw(rule) {
      await ask({ ask: 'withdraw', rule });
    },
    async inForce() {
      return (await ask({ ask: 'inForce' })).inForce ?? [];
    },
  };
}

import { createServer } from 'node:net';
import { type Rule, ruleText } from '@flowpact/response';
import { onTestFinished } from 'vitest';

/** Stands in for `flowpact-exabgp`: takes rules at a socket and keeps them. */
export interface RuleAgent {
  /** What is in force, in order. */
  rules(): readonly string[];
}

export async function startRuleAgent(socketPath: string): Promise<RuleAgent> {
  const held = new Map<string, { readonly rule: Rule; readonly untilMs: number }>();
  const server = createServer((socket) => {
    let text = '';
    socket.setEncoding('utf8');
    socket.on('error', () => undefined);
    socket.on('data', (part: string) => {
      text += part;
      if (!text.endsWith('\n')) return;
      const { ask, rule, untilMs } = JSON.parse(text);
      if (ask === 'apply') held.set(ruleText(rule), { rule, untilMs });
      if (ask === 'withdraw') held.delete(ruleText(rule));
      socket.end(
        `${JSON.stringify({ ok: true, ...(ask === 'inForce' ? { inForce: [...held.values()] } : {}) })}\n`,
      );
    });
  });
  await new Promise<void>((resolve) => server.listen(socketPath, resolve));
  onTestFinished(() => void server.close());
  return { rules: () => [...held.keys()].sort() };
}

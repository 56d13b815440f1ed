import { type Mitigation, ruleText } from '@flowpact/response';
import type { FastifyInstance } from 'fastify';
import { addChangeRoute } from '../change-route.ts';
import { addGetRoute } from '../get-route.ts';
import type { EmitterRules, MitigationSource } from '../mitigation-source.ts';
import { mitigationSummary, phaseOf } from '../mitigation-view.ts';
import type { ResponseFeed } from '../response-feed.ts';
import { modeBodySchema, reasonBodySchema } from '../schema/mitigation-schema.ts';
import {
  type AuditVerification,
  auditPageSchema,
  auditQuerySchema,
  auditVerificationSchema,
  type InForce,
  inForceSchema,
  type ResponseView,
  responseSchema,
  stoppedSchema,
} from '../schema/response-schema.ts';
import { signature } from '../signature.ts';
import type { SigningConfig } from './mitigation-routes.ts';

/** Adds the mode, what the emitters say, stopping everything, and the audit log. */
export function addResponseRoutes(
  app: FastifyInstance,
  mitigations: MitigationSource,
  feed: ResponseFeed,
  { mayChange, hasPeople }: SigningConfig,
): void {
  const responseView = (person: string | undefined): ResponseView => ({
    ...feed.status(),
    ended: mitigations.mitigations().filter(({ state }) => phaseOf(state) === 'ended').length,
    modes: mitigations.modes,
    approvals: mitigations.approvals,
    maxLifetimeSeconds: mitigations.maxLifetimeSeconds,
    emitters: mitigations.emitters.map(({ name, kind }) => ({ emitter: name, kind })),
    ...(person === undefined ? {} : { you: person }),
  });
  addGetRoute(app, {
    url: '/api/response',
    tag: 'response',
    summary: 'The mode, and how the response is set up.',
    answer: responseSchema,
    handle: (_request, { person }) => responseView(person),
  });
  addGetRoute(app, {
    url: '/api/response/in-force',
    tag: 'response',
    summary: 'What is in force, read from every emitter now.',
    answer: inForceSchema,
    handle: async () => ({ items: inForceView(await mitigations.inForce(), mitigations.mitigations()) }),
  });
  addChangeRoute(app, instead(mayChange, 'mode MODE'), {
    ...{
      method: 'PUT',
      url: '/api/response/mode',
      tag: 'response',
      body: modeBodySchema,
      answer: responseSchema,
    },
    summary: 'Sets the mode, never above that of the configuration; also after a restart.',
    async handle({ body: { mode, ...said } }, asker) {
      const { who, why } = signature(said, asker, hasPeople);
      await mitigations.setMode(mode, who, why);
      return responseView(asker.person);
    },
  });
  addChangeRoute(app, instead(mayChange, 'stop-all'), {
    ...{
      method: 'POST',
      url: '/api/response/stop-all',
      tag: 'response',
      body: reasonBodySchema,
      answer: stoppedSchema,
    },
    summary: 'Withdraws everything, rejects what is proposed, and sets the mode to `off`.',
    async handle({ body }, asker) {
      const { who, why } = signature(body, asker, hasPeople);
      return { items: (await mitigations.stopAll(who, why)).map(mitigationSummary) };
    },
  });
  addGetRoute(app, {
    url: '/api/audit',
    tag: 'response',
    summary: 'The audit log: every step, by whom and why, the latest first.',
    query: auditQuerySchema,
    answer: auditPageSchema,
    handle: ({ query }) => mitigations.auditEntries(query),
  });
  /** A log may be long: whoever asks while it is read gets the same answer. */
  let verification: Promise<AuditVerification> | undefined;
  addGetRoute(app, {
    url: '/api/audit/verification',
    tag: 'response',
    summary: 'Reads the whole audit log, and says whether its chain of hashes holds.',
    answer: auditVerificationSchema,
    handle() {
      verification ??= mitigations.verifyAudit().finally(() => {
        verification = undefined;
      });
      return verification;
    },
  });
}

const instead = (mayChange: boolean, command: string) => ({
  mayChange,
  instead: `use flowpact mitigate ${command} on its host, or a server that is set to allow them`,
});

/** Puts the mitigations beside the rules that are theirs. */
function inForceView(found: readonly EmitterRules[], mitigations: readonly Mitigation[]): InForce['items'] {
  const owners = new Map<string, string>();
  for (const { id, state, candidates, chosen } of mitigations) {
    if (phaseOf(state) !== 'active') continue;
    const { rule, emitter } = candidates[chosen];
    owners.set(JSON.stringify([emitter, ruleText(rule)]), id);
  }
  return found.map(({ emitter, kind, failure, rules }) => ({
    ...{ emitter, kind },
    ...(failure === undefined ? {} : { failure }),
    rules: rules.map(({ rule, untilMs }) => {
      const text = ruleText(rule);
      const mitigation = owners.get(JSON.stringify([emitter, text]));
      return {
        rule: text,
        ...(untilMs === undefined ? {} : { untilMs }),
        ...(mitigation === undefined ? {} : { mitigation }),
      };
    }),
  }));
}

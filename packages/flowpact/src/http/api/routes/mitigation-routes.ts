import type { Mitigation } from '@flowpact/response';
import type { FastifyInstance } from 'fastify';
import { ApiError } from '../api-error.ts';
import type { ApiSource } from '../api-source.ts';
import { addChangeRoute } from '../change-route.ts';
import { addGetRoute } from '../get-route.ts';
import type { MitigationSource } from '../mitigation-source.ts';
import {
  candidateView,
  hasSource,
  mitigationDetail,
  mitigationSummary,
  phaseOf,
} from '../mitigation-view.ts';
import { eventParamsSchema } from '../schema/event-schema.ts';
import {
  approvalBodySchema,
  candidatesSchema,
  extensionBodySchema,
  type MitigationsQuery,
  mitigationDetailSchema,
  mitigationPageSchema,
  mitigationParamsSchema,
  mitigationQuerySchema,
  reasonBodySchema,
} from '../schema/mitigation-schema.ts';
import { signature } from '../signature.ts';

export interface SigningConfig {
  readonly mayChange: boolean;
  /** Whether people have tokens of their own. */
  readonly hasPeople: boolean;
}

/** Each reads the flows of half an hour. */
const maxDryRuns = 2;

/** Adds what is proposed, in force and over, and what people say to it. */
export function addMitigationRoutes(
  app: FastifyInstance,
  source: ApiSource,
  mitigations: MitigationSource,
  { mayChange, hasPeople }: SigningConfig,
): void {
  let dryRuns = 0;
  addGetRoute(app, {
    url: '/api/mitigations',
    tag: 'response',
    summary: 'Rules against events, from their proposal to their end, the latest first.',
    query: mitigationQuerySchema,
    answer: mitigationPageSchema,
    handle: ({ query }) => pageOfMitigations(mitigations.mitigations(), query),
  });
  addGetRoute(app, {
    url: '/api/mitigations/:id',
    tag: 'response',
    summary: 'One of them with everything.',
    params: mitigationParamsSchema,
    answer: mitigationDetailSchema,
    handle({ params }) {
      const found = mitigations.mitigation(params.id);
      if (found !== undefined) return mitigationDetail(found);
      throw new ApiError('API_NOT_FOUND', `there is no mitigation ${params.id}: it may be too long ago`);
    },
  });
  addGetRoute(app, {
    url: '/api/events/:id/candidates',
    tag: 'response',
    summary: 'What could be done against an event, and what it would have hit; nothing is done.',
    params: eventParamsSchema,
    answer: candidatesSchema,
    async handle({ params }) {
      const found = await source.event(params.id);
      if (found === undefined) {
        throw new ApiError(
          'API_NOT_FOUND',
          `there is no event ${params.id}: it may have been too old to keep`,
        );
      }
      if (dryRuns >= maxDryRuns) {
        throw new ApiError(
          'API_TOO_MANY',
          `${maxDryRuns} rules are being tried on the flows: ask again later`,
        );
      }
      dryRuns++;
      try {
        return { items: (await mitigations.dryRun(found.event)).map(candidateView) };
      } finally {
        dryRuns--;
      }
    },
  });

  const change = (verb: string) => ({
    mayChange,
    instead: `use flowpact mitigate ${verb} on its host, or a server that is set to allow them`,
  });
  const ofMitigation = { method: 'POST', tag: 'response', params: mitigationParamsSchema } as const;
  const answer = mitigationDetailSchema;
  addChangeRoute(app, change('approve'), {
    ...{ ...ofMitigation, url: '/api/mitigations/:id/approve', body: approvalBodySchema, answer },
    summary: 'One yes. It is applied when all have said theirs.',
    async handle({ params, body: { candidate, ...said } }, asker) {
      if (mitigations.approvals > 1 && asker.person === undefined && !hasPeople) {
        throw new ApiError(
          'API_FORBIDDEN',
          `${mitigations.approvals} people have to say yes, and without tokens of their own the API cannot tell them apart: ` +
            'give each one (http.people), or use flowpact mitigate approve on its host',
        );
      }
      const { who, why } = signature(said, asker, hasPeople);
      const chosen = candidate === undefined ? {} : { candidate };
      return mitigationDetail(await mitigations.approve(params.id, who, { why, ...chosen }));
    },
  });
  addChangeRoute(app, change('reject'), {
    ...{ ...ofMitigation, url: '/api/mitigations/:id/reject', body: reasonBodySchema, answer },
    summary: 'No: it is not applied.',
    async handle({ params, body }, asker) {
      const { who, why } = signature(body, asker, hasPeople);
      return mitigationDetail(await mitigations.reject(params.id, who, why));
    },
  });
  addChangeRoute(app, change('extend'), {
    ...{ ...ofMitigation, url: '/api/mitigations/:id/extend', body: extensionBodySchema, answer },
    summary: 'It ends so many seconds from now.',
    async handle({ params, body: { seconds, ...said } }, asker) {
      const { who, why } = signature(said, asker, hasPeople);
      return mitigationDetail(await mitigations.extend(params.id, who, seconds, why));
    },
  });
  addChangeRoute(app, change('withdraw'), {
    ...{ ...ofMitigation, url: '/api/mitigations/:id/withdraw', body: reasonBodySchema, answer },
    summary: 'It is taken back now.',
    async handle({ params, body }, asker) {
      const { who, why } = signature(body, asker, hasPeople);
      return mitigationDetail(await mitigations.withdraw(params.id, who, why));
    },
  });
}

function pageOfMitigations(
  all: readonly Mitigation[],
  { state, phase, attacker, cursor, limit }: MitigationsQuery,
) {
  if (cursor !== undefined && !/^[0-9]{1,20}$/.test(cursor)) {
    throw new ApiError('API_BAD_REQUEST', 'the cursor is not one of this list');
  }
  const before = cursor === undefined ? undefined : BigInt(cursor);
  const found = all.filter(
    (mitigation) =>
      (before === undefined || BigInt(mitigation.id) < before) &&
      (state === undefined || mitigation.state === state) &&
      (phase === undefined || phaseOf(mitigation.state) === phase) &&
      (attacker === undefined || hasSource(mitigation, attacker)),
  );
  const items = found.slice(0, limit).map(mitigationSummary);
  return { items, ...(found.length > limit ? { next: items.at(-1)!.id } : {}) };
}

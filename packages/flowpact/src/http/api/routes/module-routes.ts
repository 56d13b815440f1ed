import type { FastifyInstance } from 'fastify';
import { ApiError } from '../api-error.ts';
import type { ApiSource } from '../api-source.ts';
import { checkModule } from '../check-module.ts';
import { addGetRoute } from '../get-route.ts';
import { jsonSchema } from '../json-schema.ts';
import {
  moduleChangeSchema,
  moduleCheckBodySchema,
  moduleFindingsSchema,
  moduleParamsSchema,
  moduleSourceSchema,
  modulesSchema,
} from '../schema/module-schema.ts';

export function addModuleRoutes(app: FastifyInstance, source: ApiSource, mayChange: boolean): void {
  const noModule = (module: string) => new ApiError('API_NOT_FOUND', `there is no module ${module}`);
  addGetRoute(app, {
    url: '/api/modules',
    tag: 'modules',
    summary: 'Modules at work, and how their statements fare.',
    answer: modulesSchema,
    handle: async () => ({
      items: await source.modules(),
      maySwitch: mayChange && source.setModuleEnabled !== undefined,
    }),
  });
  addGetRoute(app, {
    url: '/api/modules/:module/source',
    tag: 'modules',
    summary: 'A module as it was written.',
    params: moduleParamsSchema,
    answer: moduleSourceSchema,
    async handle({ params }) {
      const found = await source.moduleSource(params.module);
      if (found === undefined) throw noModule(params.module);
      return found;
    },
  });
  app.post<{ Body: { source: string } }>(
    '/api/modules/check',
    {
      bodyLimit: 1024 * 1024,
      schema: {
        tags: ['modules'],
        summary: 'Whether a module would compile; it is not put to work.',
        body: jsonSchema(moduleCheckBodySchema, 'input'),
        response: { 200: { description: 'OK', ...jsonSchema(moduleFindingsSchema) } },
      },
    },
    async (request) => checkModule(request.body.source),
  );
  app.put<{ Params: { module: string }; Body: { isEnabled: boolean } }>(
    '/api/modules/:module',
    {
      schema: {
        tags: ['modules'],
        summary: 'Switches a module on or off, where changes are allowed.',
        params: jsonSchema(moduleParamsSchema, 'input'),
        body: jsonSchema(moduleChangeSchema, 'input'),
        response: { 204: { description: 'Done.', type: 'null' } },
      },
    },
    async (request, reply) => {
      if (!mayChange) throw new ApiError('API_FORBIDDEN', 'this server allows no changes');
      if (source.setModuleEnabled === undefined) {
        throw new ApiError('API_FORBIDDEN', 'modules cannot be switched here');
      }
      const { module } = request.params;
      if (!(await source.setModuleEnabled(module, request.body.isEnabled))) throw noModule(module);
      return reply.code(204).send();
    },
  );
}

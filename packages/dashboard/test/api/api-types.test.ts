import { expectTypeOf, it } from 'vitest';
import type * as detections from '../../../flowpact/src/http/api/schema/detection-schema.ts';
import type * as events from '../../../flowpact/src/http/api/schema/event-schema.ts';
import type * as exchange from '../../../flowpact/src/http/api/schema/exchange-schema.ts';
import type * as exporters from '../../../flowpact/src/http/api/schema/exporter-schema.ts';
import type * as flows from '../../../flowpact/src/http/api/schema/flow-schema.ts';
import type * as incidents from '../../../flowpact/src/http/api/schema/incident-schema.ts';
import type * as modules from '../../../flowpact/src/http/api/schema/module-schema.ts';
import type * as status from '../../../flowpact/src/http/api/schema/status-schema.ts';
import type * as ticks from '../../../flowpact/src/http/api/schema/tick-schema.ts';
import type * as traffic from '../../../flowpact/src/http/api/schema/traffic-schema.ts';
import type * as read from '../../src/api/api-types.ts';

// Checked by the compiler (npm run typecheck): a schema that changes breaks the line of its type.
it('reads nothing that the API does not answer', () => {
  expectTypeOf<status.Status>().toExtend<read.Status>();
  expectTypeOf<traffic.Traffic>().toExtend<read.Traffic>();
  expectTypeOf<detections.Detection>().toExtend<read.Detection>();
  expectTypeOf<detections.DetectionSummary>().toExtend<read.DetectionSummary>();
  expectTypeOf<events.EventSummary>().toExtend<read.EventSummary>();
  expectTypeOf<incidents.Incident>().toExtend<read.Incident>();
  expectTypeOf<flows.Flow>().toExtend<read.Flow>();
  expectTypeOf<flows.Top>().toExtend<read.Top>();
  expectTypeOf<flows.TimeLine>().toExtend<read.TimeLine>();
  expectTypeOf<exchange.Partner>().toExtend<read.Partner>();
  expectTypeOf<exchange.Conversation>().toExtend<read.Conversation>();
  expectTypeOf<exchange.Outbox>().toExtend<read.Outbox>();
  expectTypeOf<exporters.Exporter>().toExtend<read.Exporter>();
  expectTypeOf<modules.Module>().toExtend<read.Module>();
  expectTypeOf<ticks.Tick>().toExtend<read.Tick>();
});

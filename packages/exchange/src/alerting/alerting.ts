import type { Message, MessageRef, SecurityEvent, Tlp } from '@flowpact/event';
import { createPartnerAlerts, type PartnerAlerts } from '../aggregation/partner-alerts.ts';
import { createEventDisclosure } from '../disclosure/disclosure.ts';
import { createDueTimer } from '../due-timer.ts';
import { keyOf } from '../journal/entry-table.ts';
import { createAddressSpace } from '../partner/address-space.ts';
import { type KnownPartner, knownPartner } from '../partner/known-partner.ts';
import { createRouter, type RoutingOptions } from '../routing/router.ts';
import { type AlertingConfig, type AlertingDeps, defaultAlertingLimits } from './alerting-config.ts';
import type { AlertingEvent, Told } from './alerting-event.ts';
import type { Alerting } from './alerting-interface.ts';

type Untimed<T> = T extends unknown ? Omit<T, 'atMs'> : never;

interface PartnerEnd {
  readonly alerts: PartnerAlerts;
  withheld: number;
}

/** @throws ExchangeError `EXCHANGE_BAD_CONFIG`. */
export function createAlerting(config: AlertingConfig, deps: AlertingDeps): Alerting {
  const { self, defaultTlp = 'amber' } = config;
  const { clock, exchange } = deps;
  const limits = { ...defaultAlertingLimits, ...config.limits };
  const ownSpace = createAddressSpace(self.addressSpace ?? [], 'our own network');
  const partners = config.partners.map(knownPartner);
  const router = createRouter(ownSpace, partners);
  const ends = new Map(partners.map((known) => [known.name, createEnd(known)]));
  /** By the key of the alert, the oldest first. */
  const toldEvents = new Map<string, { readonly partner: string; readonly event: SecurityEvent }>();
  const inFlight = new Set<Promise<unknown>>();
  let telling = Promise.resolve();

  const timer = createDueTimer(clock, () => {
    void inTurn((alerts) => alerts.tellDue()).then(arm);
  });

  function createEnd(known: KnownPartner): PartnerEnd {
    const disclosure = createEventDisclosure(known, ownSpace);
    const alerts = createPartnerAlerts(
      { partner: known.name, rateLimit: known.policy.rateLimit, limits },
      {
        clock,
        emit,
        async send(event, events, place) {
          const disclosed = disclosure.event(event);
          const message = await exchange.alert(
            events === 1 ? disclosed : withCount(disclosed, events),
            known.name,
            place,
          );
          remember(message, known.name, event);
          return message;
        },
      },
    );
    return { alerts, withheld: 0 };
  }

  function remember({ sender, id }: Message, partner: string, told: SecurityEvent): void {
    const { flows: _, ...event } = told;
    toldEvents.set(keyOf({ sender: sender.name, id }), { partner, event });
    for (const oldest of toldEvents.keys()) {
      if (toldEvents.size <= limits.maxToldEvents) break;
      toldEvents.delete(oldest);
    }
  }

  function emit(event: Untimed<AlertingEvent>): void {
    try {
      deps.onEvent?.({ ...event, atMs: clock.now() });
    } catch {
      // An observer that fails must not stop an alert.
    }
  }

  function arm(): void {
    for (const { alerts } of ends.values()) timer.arm(alerts.nextDueMs());
  }

  /** One partner's updates and digests after the other, and never twice at a time. */
  function inTurn(step: (alerts: PartnerAlerts) => Promise<void>): Promise<void> {
    telling = telling.then(async () => {
      await Promise.all([...ends.values()].map(({ alerts }) => step(alerts)));
    });
    return telling;
  }

  async function tell(
    event: SecurityEvent & { readonly tlp: Tlp },
    options: RoutingOptions,
    related: readonly MessageRef[],
  ): Promise<readonly Told[]> {
    const { routes, withheld } = router.route(event, options);
    const refused = withheld.map(({ to, reason }): Told => {
      ends.get(to.name)!.withheld++;
      return { kind: 'withheld', partner: to.name, reason };
    });
    const work = Promise.all(
      routes.map(({ to, because }) => ends.get(to.name)!.alerts.tell(event, because, related)),
    );
    inFlight.add(work);
    const told = [...(await work.finally(() => inFlight.delete(work))), ...refused];
    for (const one of told) emit(one);
    arm();
    return told;
  }

  /** Why another network's alert goes no further. */
  function relayObjection({ kind, sender, conversation }: Message): string | undefined {
    if (kind !== 'alert') return `a ${kind} is for us`;
    const cameBy = conversation?.related ?? [];
    if (
      [sender, ...cameBy.map((ref) => ({ name: ref.sender }))].some(({ name }) => name === self.party.name)
    ) {
      return 'it began with us, and has come back: a loop';
    }
    return cameBy.length >= limits.maxRelays ? `it has come by ${cameBy.length} other networks` : undefined;
  }

  async function flush(): Promise<void> {
    await Promise.all(inFlight);
    await inTurn((alerts) => alerts.flush());
  }

  return {
    publish: (event, to) => tell(labelled(event, defaultTlp), { to }, []),
    async relay(message) {
      const reference = { sender: message.sender.name, id: message.id };
      const reason = relayObjection(message);
      if (reason !== undefined) {
        emit({ kind: 'notRelayed', reference, reason });
        return [];
      }
      const related = [reference, ...(message.conversation?.related ?? [])];
      const cameBy = related.map(({ sender }) => sender);
      return tell(labelled(message.event, defaultTlp), { cameBy }, related);
    },
    toldEvent(reference, partner) {
      const told = toldEvents.get(keyOf(reference));
      // Ids can be guessed.
      return told?.partner === partner ? told.event : undefined;
    },
    counts: () => [...ends.values()].map(({ alerts, withheld }) => ({ ...alerts.counts(), withheld })),
    flush,
    async stop() {
      timer.stop();
      await flush();
      timer.stop();
    },
  };
}

function labelled(event: SecurityEvent, tlp: Tlp): SecurityEvent & { readonly tlp: Tlp } {
  return { ...event, tlp: event.tlp ?? tlp };
}

/** Our own remark: there is nothing in it of what the partner may not see. */
function withCount(event: SecurityEvent, events: number): SecurityEvent {
  const remark = `${events} events in one message.`;
  return {
    ...event,
    text: event.text === undefined ? remark : `${remark} The latest: ${event.text}`,
    additional: [...(event.additional ?? []), { name: 'eventCount', value: events }],
  };
}

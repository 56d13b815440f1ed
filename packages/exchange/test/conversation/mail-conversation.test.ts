import { describe, expect, it } from 'vitest';
import { exampleEvent } from '../example-event.ts';
import { startForwarder } from '../forwarder.ts';
import { encoded, mailNetwork } from '../two-networks.ts';

describe('two networks that talk by mail', () => {
  it('carry an alert there and a feedback back, each once', async () => {
    const relay = await startForwarder();
    const a = mailNetwork('isp-a.example', 'isp-b.example', { relayPort: relay.port });
    await a.exchange.start();
    const b = mailNetwork('isp-b.example', 'isp-a.example', {
      relayPort: a.smtp.address()!.port,
      deps: { decide: () => ({ status: 'accepted', reason: 'we look into it' }) },
    });
    await b.exchange.start();
    relay.target = b.smtp.address()!.port;

    const alert = await a.exchange.alert(exampleEvent(50), 'isp-b.example');
    const received = await b.log.next('received');
    expect(encoded(received.message)).toBe(encoded(alert));
    const feedback = await a.log.next('received');
    expect(feedback.message.conversation?.inReplyTo).toEqual({ sender: 'isp-a.example', id: alert.id });
    await a.exchange.settled();
    await b.exchange.settled();

    const [conversation] = a.exchange.conversations();
    expect(a.exchange.conversations()).toHaveLength(1);
    expect(conversation).toMatchObject({ partner: 'isp-b.example', status: 'answered', droppedTurns: 0 });
    expect(conversation!.turns).toMatchObject([
      {
        kind: 'alert',
        direction: 'out',
        delivery: 'sent',
        reference: { sender: 'isp-a.example', id: alert.id },
      },
      { kind: 'feedback', direction: 'in', outcome: { status: 'accepted', reason: 'we look into it' } },
    ]);
    expect(b.exchange.conversations()).toMatchObject([
      {
        turns: [
          { kind: 'alert', direction: 'in' },
          { kind: 'feedback', direction: 'out', delivery: 'sent' },
        ],
      },
    ]);

    await a.exchange.stop();
    await b.exchange.stop();
    await relay.stop();
  });
});

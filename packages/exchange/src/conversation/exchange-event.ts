import type { Message, MessageRef } from '@flowpact/event';
import type { LossReport } from '../codec/message-codec.ts';
import type { ExchangeErrorCode } from '../exchange-error.ts';
import type { DeliveryReport, SendReceipt } from '../transport/transport.ts';

/** What happens in an exchange: for logs, counters and pages. `bytes` is the size of the encoded message. */
export type ExchangeEvent = { readonly atMs: number } & (
  | {
      /** In the journal; the first attempt follows. */
      readonly kind: 'queued';
      readonly message: Message;
      readonly partner: string;
      readonly bytes: number;
      /** In which the octets are. */
      readonly language: string;
      /** The message as it travels. */
      readonly octets: Uint8Array;
      /** What the octets do not say in the language's own words; left out where they say everything. */
      readonly losses?: LossReport;
    }
  | {
      readonly kind: 'sent';
      readonly message: Message;
      readonly partner: string;
      readonly bytes: number;
      readonly receipt: SendReceipt;
    }
  | {
      readonly kind: 'sendFailed';
      readonly reference: MessageRef;
      readonly partner: string;
      readonly bytes: number;
      readonly reason: string;
      /** False: it stays in the outbox. True: it is a dead letter now. */
      readonly permanent: boolean;
    }
  | {
      /**
       * What a mail system reports of a message of ours. `deadLetter`: it came back for good; `nextRoute`: it is in the
       * outbox again; `none`: it is on its way, or nothing that we sent not long ago to that address and have no answer to.
       */
      readonly kind: 'deliveryReport';
      readonly report: DeliveryReport;
      readonly effect: 'deadLetter' | 'nextRoute' | 'none';
    }
  | {
      /** A dead letter that is in the outbox again, or gone for good: somebody has decided so. */
      readonly kind: 'retried' | 'dropped';
      readonly reference: MessageRef;
      readonly partner: string;
      readonly bytes: number;
    }
  | {
      /** In the journal and about to be acknowledged. */
      readonly kind: 'received';
      readonly message: Message;
      readonly partner: string;
      readonly bytes: number;
      readonly language: string;
      readonly octets: Uint8Array;
    }
  | {
      /** Received before; acknowledged once more and otherwise ignored. */
      readonly kind: 'repeat';
      readonly message: Message;
      readonly partner: string;
      readonly bytes: number;
    }
  | {
      /** `message` answers `inReplyTo` and is in the outbox. */
      readonly kind: 'answered';
      readonly message: Message;
      readonly inReplyTo: MessageRef;
      readonly partner: string;
      readonly bytes: number;
      readonly language: string;
      readonly octets: Uint8Array;
    }
  | {
      /** An alert or a request that was decided on, from a partner that reads no language with a place for the answer. */
      readonly kind: 'unanswerable';
      readonly reference: MessageRef;
      readonly partner: string;
      readonly reason: string;
    }
  | {
      /** Nothing proves that the partner wrote it: to be shown, never acted on, never answered. */
      readonly kind: 'recorded';
      readonly message: Message;
      /** As whom it speaks. */
      readonly partner: string;
      readonly bytes: number;
      readonly reason: string;
    }
  | {
      /** Not acted on, and the sender was told so. */
      readonly kind: 'refused';
      readonly code: ExchangeErrorCode;
      readonly reason: string;
      readonly permanent: boolean;
      readonly transport: string;
      readonly envelopeFrom?: string;
      /** Where the message could be read: what it claims. */
      readonly reference?: MessageRef;
    }
  | {
      /** Something of ours failed on the way from `received` to `answered`; the message is in the journal. */
      readonly kind: 'handlingFailed';
      readonly reference: MessageRef;
      readonly partner: string;
      readonly reason: string;
    }
  | {
      /** An alert or a request of ours that has had no feedback in `answerWithinMs`; told once. */
      readonly kind: 'overdue';
      readonly reference: MessageRef;
      readonly root: MessageRef;
      readonly partner: string;
    }
  | {
      /** Left memory to make room for a newer one. */
      readonly kind: 'conversationClosed';
      readonly root: MessageRef;
      readonly partner: string;
    }
);

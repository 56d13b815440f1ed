import type { Format } from '../format.ts';
import { arfFormat } from './arf-format.ts';
import { type RedactionConfig, redactRecipients } from './redact-recipients.ts';

/** ARF whose reports do not tell who got the mail; each redaction is reported as a loss. */
export function createRedactedArfFormat(config: RedactionConfig): Format {
  return {
    ...arfFormat,
    encode(message) {
      const { message: told, redacted } = redactRecipients(message, config);
      const encoded = arfFormat.encode(told);
      const losses = redacted.map((path) => ({
        path,
        effect: 'approximated' as const,
        note: 'the recipients are redacted (RFC 6590)',
      }));
      return { ...encoded, losses: [...encoded.losses, ...losses] };
    },
  };
}
